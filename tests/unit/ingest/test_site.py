"""The hospital's profile."""

from dataclasses import fields
from pathlib import Path

import pytest

from classify.doctypes import DocumentType
from classify.profile import Profile
from classify.typerules import TypeRule, Where, Which
from ingest.problems import ProfileProblem
from ingest.rulecheck import problem_of
from ingest.site import NO_ENTRIES, Site, load_site
from storage.quality.policy import Quality


def test_no_file_is_the_default(tmp_path: Path) -> None:
    assert load_site(tmp_path) == Site(Profile())


def test_entries_are_read(tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    file.write_text('mrn_pattern = "U\\\\d{6}"\nday_first = true\n[labels]\nmrn = ["Unit No"]\n')
    profile = load_site(tmp_path).profile
    assert (profile.mrn_pattern, profile.day_first, profile.labels) == ("U\\d{6}", True, {"mrn": ["Unit No"]})


def test_a_quality_policy_begins_from_a_preset_and_says_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    file.write_text('[quality]\npreset = "ordinary"\nmajor_aql = 1\ndouble_key = ["DEATH_CERT"]\n')
    assert load_site(tmp_path).quality == Quality(150, "II", 1, 2.5, False, ["DEATH_CERT"], 0.02)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mrn_patern = 1", "mrn_patern"),
        ("mrn_pattern = '['", "mrn_pattern"),
        ("= 3", "TOML"),
        ("[quality]\nlots = 3", "quality has no entry 'lots'"),
        ("[quality]\nlot = '150'", "quality.lot should look like 0"),
        ("[quality]\npreset = 'strict'", "quality.preset is one of"),
        ("quality = 3", "is a table"),
        ("mrn_check_digit = 'mod7'", "mrn_check_digit is one of luhn, mod11, mod97-10, gs1"),
        ("gs1_company_prefix = 'LAKE'", "gs1_company_prefix is 4 to 12 digits"),
        ("[types.LAB]\naccess = ['SECRET']", "there is no label 'SECRET'"),
        ("[types.LAB]\nforms = ['ABC']", "'ABC' is no form number"),
        ("[types.LAB]\nforms = ['MR-1041']\n[types.EKG]\nforms = ['MR 1O41']", "named by LAB and by EKG"),
        ("rules = {a = 1}", "a rule is written as a table"),
        ("rules = [3]", "a rule is written as a table"),
        ("rules = 3", "a rule is written as a table"),
        ("[[rules]]\ntype = 'LAB'", "rule 1 has no pattern"),
        ("[[rules]]\ntype = 'DIALYSYS'\npattern = 'x'", "rule 1: there is no document type 'DIALYSYS'"),
        ("[[rules]]\ntype = 'OTHER'\npattern = 'x'", "rule 1: there is no document type 'OTHER'"),
        (
            "[[rules]]\ntype = 'LAB'\npattern = 'x'\n[[rules]]\ntype = 'LAB'\npattern = '('",
            "rule 2: pattern is not a valid",
        ),
        ("[[rules]]\ntype = 'LAB'\npattern = 'x'\nwhere = 'top'", "rule 1: where is one of head, foot, anywhere"),
        ("[[rules]]\ntype = 'LAB'\npattern = 'x'\npage = 'second'", "rule 1: page is one of first, last, any"),
        ("[[rules]]\ntype = 'LAB'\npattern = 'x'\nwhen = 'now'", "there is no entry 'when'"),
        ("[[rules]]\ntype = 'LAB'\npattern = ''", "is empty"),
        ("[[rules]]\ntype = 'LAB'\npattern = 'a*'", "fits an empty page"),
        ("[[rules]]\ntype = 'LAB'\npattern = '(a+)+$'", "takes too long on some pages"),
        ("[[rules]]\ntype = 'LAB'\npattern = 'x'\nnot = '(y|y)*z'", "rule 1: not takes too long"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, names: str) -> None:
    file = tmp_path / "profile.toml"
    file.write_text(text)
    with pytest.raises(ProfileProblem, match=names):
        load_site(tmp_path)


OF_ANOTHER_KIND = {
    "mrn_pattern": ("3", "true", "['A']", "{a = 'A'}", "2024-01-01"),
    "encounter_pattern": ("3", "false", "['V']"),
    "day_first": ("'yes'", "1", "0", "[]", "'true'"),
    "sure_type": ("'0.9'", "true", "[0.9]"),
    "labels": ("[]", "'Unit No'", "3", "{mrn = 'Unit No'}", "{mrn = [3]}", "{mrn = {a = 'b'}}"),
    "keys": ("[]", "'Alt+P'", "{pend = 3}", "{pend = ['Alt+P']}"),
    "roster_columns": ("[]", "'mrn'", "{mrn = 1}", "{mrn = ['a', 'b']}"),
    "mrn_authorities": ("'LAKE'", "3", "[1]", "[['LAKE']]", "{}"),
    "self_filing": ("'LAB'", "true", "[true]", "{}"),
    "self_filing_risk": ("'0.001'", "false", "[]"),
    "quality.lot": ("true", "1.5", "'90'", "[90]"),
    "quality.level": ("2", "true", "['II']"),
    "quality.major_aql": ("true", "'1.0'"),
    "quality.minor_aql": ("false", "[]"),
    "quality.by_type": ("1", "'yes'"),
    "quality.double_key": ("'LAB'", "[3]", "['LAB', 3]", "true"),
    "quality.double_key_share": ("true", "'0.1'"),
    "types.DIALYSIS.name": ("3", "true", "['a']"),
    "types.DIALYSIS.loinc": ("55108", "[]"),
    "types.DIALYSIS.hl7_0270": ("3",),
    "types.DIALYSIS.section": ("3", "['notes']"),
    "types.DIALYSIS.titles": ("'run sheet'", "3", "[3]", "{}"),
    "types.DIALYSIS.cues": ("'dialyzer'", "[[]]"),
    "types.DIALYSIS.access": ("'BH'", "[3]", "{}"),
    "types.DIALYSIS.forms": ("'MR 104'", "[104]", "{}"),
    "mrn_check_digit": ("11", "true", "['luhn']"),
    "encounter_check_digit": ("10", "false", "[]"),
    "gs1_company_prefix": ("614141", "['0614141']"),
}


@pytest.mark.parametrize(
    ("entry", "value"), [(entry, value) for entry, values in OF_ANOTHER_KIND.items() for value in values]
)
def test_an_entry_of_another_kind_is_refused_by_its_name(tmp_path: Path, entry: str, value: str) -> None:
    (tmp_path / "profile.toml").write_text(f"{entry} = {value}\n")
    with pytest.raises(ProfileProblem) as refused:
        load_site(tmp_path)
    sentence = str(refused.value)
    assert sentence.startswith(f"profile.toml: {entry} ")
    assert "should look like" in sentence or f"is a table, [{entry}], of entries like" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_every_entry_was_given_another_kind() -> None:
    of_profile = {f.name for f in fields(Profile)} - {"types", "forms", "rules"}
    of_site = {f.name for f in fields(Site)} - {*NO_ENTRIES, "quality", "hot_folders"}
    of_quality = {f"quality.{f.name}" for f in fields(Quality)}
    of_types = {f"types.DIALYSIS.{f.name}" for f in fields(DocumentType)} - {"types.DIALYSIS.code"}
    assert set(OF_ANOTHER_KIND) == of_profile | of_site | of_quality | of_types


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("labels = []", 'profile.toml: labels is a table, [labels], of entries like mrn = ["Unit No"].'),
        ("day_first = 'yes'", "profile.toml: day_first should look like false."),
        ("self_filing = 'LAB'", 'profile.toml: self_filing should look like ["LAB"].'),
        ("[quality]\npreset = ['start']", "profile.toml: quality.preset is one of start, ordinary, large."),
        ("[quality]\npreset = 3", "profile.toml: quality.preset is one of start, ordinary, large."),
        ("types = 3", "profile.toml: a kind of document is written as a table, [types.CODE]."),
        ("[types]\nLAB = 3", "profile.toml: a kind of document is written as a table, [types.CODE]."),
        ("[types.lab]", "profile.toml: types.lab: a code is capitals, digits and underscores, and not OTHER."),
        ("[types.OTHER]", "profile.toml: types.OTHER: a code is capitals, digits and underscores, and not OTHER."),
        ("[types.NEW]\nloinc = '12345-6'", "profile.toml: types.NEW: 12345-6 is no LOINC code (its check digit is wrong)."),
        ("forms = []", "profile.toml: there is no entry 'forms'."),
        ("profile = {}", "profile.toml: there is no entry 'profile'."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_would_be_right(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "profile.toml").write_text(text)
    with pytest.raises(ProfileProblem) as refused:
        load_site(tmp_path)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "entry", "value"),
    [
        ("sure_type = 1", "sure_type", 1),
        ("labels = {}", "labels", {}),
        ("[labels]\nmrn = []", "labels", {"mrn": []}),
        ("day_first = false", "day_first", False),
    ],
)
def test_whole_numbers_and_empty_tables_are_of_the_right_kind(
    tmp_path: Path, text: str, entry: str, value: object
) -> None:
    (tmp_path / "profile.toml").write_text(text)
    assert getattr(load_site(tmp_path).profile, entry) == value


def test_a_profile_in_another_character_set_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_bytes('mrn_authorities = ["Café"]'.encode("latin-1"))
    with pytest.raises(ProfileProblem, match="is not written in UTF-8"):
        load_site(tmp_path)


def test_rules_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(
        "[[rules]]\ntype = 'DIALYSIS'\npattern = '(?i)treatment run sheet'\nwhere = 'head'\nnot = 'education'\n"
        "[types.SLEEP]\nforms = ['MR 104-7']\naccess = ['R']\n"
        "[[rules]]\ntype = 'SLEEP'\npattern = 'Polysomno(gram|graphy)'\npage = 'any'\n"
    )
    profile = load_site(tmp_path).profile
    assert profile.rules == (
        TypeRule(1, "DIALYSIS", "(?i)treatment run sheet", Where.HEAD, Which.FIRST, "education"),
        TypeRule(2, "SLEEP", "Polysomno(gram|graphy)", Where.ANYWHERE, Which.ANY),
    )
    (kind,) = profile.types
    assert (kind.forms, kind.access) == (("MR 104-7",), ("R",))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?i)treatment\s+run\s+sheet",
        r"^(?:MR|HH)-\d{3,5}.*Rev",
        r"(?i)\bdialysis\b.*\btreatment\b",
        r"(?m)^\W*RUN SHEET\W*$",
    ],
)
def test_ordinary_patterns_are_fast(pattern: str) -> None:
    assert problem_of(pattern) == ""
