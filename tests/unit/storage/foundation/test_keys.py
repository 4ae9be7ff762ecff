"""Keys: derived the same for ever, kept in a file of one account, typed back from paper character by character."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.foundation import keys
from storage.foundation.errors import KeyMissing, KeyWrong

MASTER = bytes(range(32))
SHEET = [
    "1  000G 40R 1", "2  40M3 0E2 V", "3  0918 5GR M", "4  38E1 W81 B", "5  24GK 2GA A", "6  HC5R R34 X", "7  D1P7 0X3 T", "8  RFP6 3ED 5",
]  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


# ---- derived keys


def test_a_master_key_gives_the_same_keys_for_ever() -> None:
    """When this fails, no data home that was made before opens any more."""
    made = keys.Keys.derived_from(MASTER)
    assert made.database.hex() == "d2199401e50501df1fc0922fcb4fcae3ccc628ac5c4cd9c98f12b22ed3729cfd"
    assert made.vault.hex() == "575dd350c422bab20379fe193ef6d6d413168e73d499be3cad1930b77f6ae9a0"
    assert made.audit.hex() == "68e90c3ce24ed561c888275321b2667d33a5dc44d170c7229cfdf996d7d26793"
    assert made.blind.hex() == "66b91b319a8532a8d9cd20eddf0449d51f01e13c7f211cacf480214d06c9734b"


def test_no_purpose_has_the_key_of_another_nor_the_master_s() -> None:
    made = keys.Keys.derived_from(MASTER)
    assert len({made.database, made.vault, made.audit, made.blind, MASTER}) == 5
    assert made != keys.Keys.derived_from(MASTER[::-1])


def test_a_blind_hash_tells_same_from_other_and_no_more() -> None:
    made, other = keys.Keys.derived_from(MASTER), keys.Keys.derived_from(bytes(32))
    assert made.blind_hash("Rivera") == made.blind_hash("Rivera") == "40b39969dff23b89"
    assert made.blind_hash("Rivera") != made.blind_hash("rivera")
    assert made.blind_hash("Rivera") != other.blind_hash("Rivera"), "nobody without the key can try names"


# ---- the key file


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n", "a line and nothing in it"),
        (MASTER.hex()[:-2].encode(), "a byte short"),
        (MASTER.hex()[:-1].encode(), "half a byte short"),
        (MASTER.hex().encode() + b"00", "a byte too long"),
        (MASTER, "the key itself and not its letters"),
        (b"g" * 64, "no hexadecimal digits"),
        (MASTER.hex().encode("utf-16"), "saved by an editor as UTF-16"),
        ("é".encode() * 32, "letters that are none of ASCII"),
        (b"\xff" * 64, "a disk that was wiped"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_key_file_says_what_to_do(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(content)
    with pytest.raises(KeyWrong, match="Restore it from the recovery sheet"):
        keys.load_master_key(path)
    with pytest.raises(KeyWrong):
        keys.make_key_file(path)
    assert path.read_bytes() == content, "a damaged key is never overwritten: it may be mended"


@pytest.mark.parametrize(
    "text", [MASTER.hex(), MASTER.hex() + "\n", MASTER.hex().upper() + "\r\n", f"  {MASTER.hex()}  "]
)
def test_a_key_file_is_read_however_its_line_ends(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(text.encode())
    assert keys.load_master_key(path) == MASTER


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"gone\.key is not there"):
        keys.load_master_key(tmp_path / "gone.key")


def test_a_new_key_is_random_private_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    one, other = keys.make_key_file(tmp_path / "k" / "one.key"), keys.make_key_file(tmp_path / "k" / "other.key")
    assert len(one) == len(other) == 32
    assert one != other
    assert sorted(file.name for file in (tmp_path / "k").iterdir()) == ["one.key", "other.key"]
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o700
    assert keys.load_master_key(tmp_path / "k" / "one.key") == one


def test_of_two_who_make_one_key_file_both_have_the_same_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one was faster, between the look and the link."""
    path = tmp_path / "k" / "a.key"
    path.parent.mkdir()
    path.write_text(MASTER.hex())
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert keys.make_key_file(path) == MASTER
    monkeypatch.undo()
    assert [file.name for file in path.parent.iterdir()] == ["a.key"]


@pytest.mark.parametrize(
    ("config", "expected"),
    [("/etc/xdg", "/etc/xdg/chartroom/keys/h1.key"), ("", "/home/tess/.config/chartroom/keys/h1.key")],
)
def test_the_key_of_a_home_lies_with_the_account(config: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/tess")
    monkeypatch.setenv("XDG_CONFIG_HOME", config)
    assert str(keys.default_key_file("h1")) == expected


# ---- the recovery sheet


def test_the_sheet_of_a_key_is_the_same_for_ever() -> None:
    """When this fails, no sheet that lies in a safe fits any more."""
    assert keys.recovery_lines(MASTER) == SHEET
    assert keys.master_from_recovery(SHEET) == MASTER


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=50)
def test_every_key_comes_back_from_its_sheet(master: bytes) -> None:
    lines = keys.recovery_lines(master)
    assert keys.master_from_recovery(lines) == master
    assert not {"I", "L", "O", "U"} & set("".join(lines)), "no letter that looks like a digit"


@pytest.mark.parametrize(
    "typed",
    [
        [line.lower() for line in SHEET],
        [line.replace(" ", "") for line in SHEET],
        [line[3:] for line in SHEET],  # without the numbers of the lines
        [f"  {line}  " for line in SHEET],
        [line[3:].replace("0", "O").replace("1", "I") for line in SHEET],
        ["Chartroom recovery sheet", "Keep in a safe", "", *SHEET, "", "printed 2024"],
        [part for line in SHEET for part in (line, "")],
    ],
    ids=[
        "small letters",
        "without blanks",
        "without numbers",
        "indented",
        "O and I for digits",
        "the whole sheet",
        "empty lines",
    ],
)
def test_a_sheet_is_read_however_it_is_typed(typed: list[str]) -> None:
    assert keys.master_from_recovery(typed) == MASTER


def test_every_single_wrong_character_is_refused_and_its_line_named() -> None:
    unnamed, accepted = [], []
    for number, line in enumerate(SHEET):
        for place in (3, 4, 5, 6, 8, 9, 10, 12):
            for other in set(ALPHABET) - {line[place]}:
                typed = [*SHEET[:number], line[:place] + other + line[place + 1 :], *SHEET[number + 1 :]]
                try:
                    keys.master_from_recovery(typed)
                except KeyWrong as error:
                    if f"Line {number + 1} " not in str(error) and {other, line[place]} != {"0", "Z"}:
                        unnamed.append((number, place, other))
                    continue
                accepted.append((number, place, other))
    assert accepted == []
    assert unnamed == [], "0 and Z alone have one check character, and the whole sheet tells them"


def test_two_neighbouring_characters_swapped_are_refused() -> None:
    for number, line in enumerate(SHEET):
        for one, two in ((3, 4), (4, 5), (5, 6), (8, 9), (9, 10)):
            if line[one] == line[two]:
                continue
            swapped = list(line)
            swapped[one], swapped[two] = line[two], line[one]
            with pytest.raises(KeyWrong):
                keys.master_from_recovery([*SHEET[:number], "".join(swapped), *SHEET[number + 1 :]])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (SHEET[:7], "The recovery sheet has eight lines."),
        ([], "The recovery sheet has eight lines."),
        ([*SHEET[:3], *SHEET[4:]], "Line 4 of the recovery sheet does not check"),  # the fourth was left out
        ([SHEET[1], SHEET[0], *SHEET[2:]], "Line 1 of the recovery sheet does not check"),
        ([*SHEET[:7], "8  RFP6 3E"], "Line 8 of the recovery sheet does not check"),
        ([*SHEET[:7], "8  RFP6 3EDD 5"], "Line 8 of the recovery sheet does not check"),
        ([*SHEET[:7], "nonsense"], "Line 8 of the recovery sheet does not check"),
        ([*SHEET[:7], keys.recovery_lines(bytes(32))[7]], "These lines do not belong together"),
    ],
)
def test_a_sheet_that_is_not_whole_says_what_is_wrong(typed: list[str], sentence: str) -> None:
    with pytest.raises(KeyWrong, match=sentence):
        keys.master_from_recovery(typed)


def test_every_bit_of_the_sheet_s_own_check_counts() -> None:
    """The last characters hold the hash of the key alone: none but the right ones are taken, whatever the line's check."""
    taken = []
    for two in ("00", "3F", "ED", "ZZ", "E3", "3E"):
        for check in ALPHABET:
            try:
                keys.master_from_recovery([*SHEET[:7], f"8  RFP6 3{two} {check}"])
            except KeyWrong:
                continue
            taken.append((two, check))
    assert taken == [("ED", "5")]
