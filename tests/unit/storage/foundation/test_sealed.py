"""A sealed file opens as a whole and with its own key, or not at all: every damage, byte by byte."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.foundation import sealed
from storage.foundation.errors import BlobDamaged, BlobMissing
from storage.foundation.sealed import MAGIC, open_sealed, seal_frames

KEY, MAC = bytes(range(32)), "a" * 64
SMALL, TAG = 32, 16
"""Frames so small that every byte of a file of several can be tried."""


@pytest.fixture(autouse=True)
def _small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "FRAME", SMALL)


def _sealed(content: bytes, key: bytes = KEY, mac: str = MAC) -> bytes:
    return b"".join(seal_frames(key, mac, [content]))


def _opened(folder: Path, file: bytes, key: bytes = KEY, mac: str = MAC) -> bytes:
    path = folder / "blob"
    path.write_bytes(file)
    return open_sealed(path, key, mac)


CONTENT = bytes(range(80))  # two whole frames and half a one


def _frames(file: bytes) -> list[bytes]:
    size = SMALL + TAG
    body = file[len(MAGIC) :]
    return [body[at : at + size] for at in range(0, len(body), size)]


@pytest.fixture
def whole() -> bytes:
    """The sealed file of that content."""
    return _sealed(CONTENT)


@pytest.mark.parametrize(
    ("size", "frames"),
    [
        (0, 1), (1, 1), (SMALL - 1, 1), (SMALL, 1), (SMALL + 1, 2), (2 * SMALL - 1, 2), (2 * SMALL, 2), (2 * SMALL + 1, 3), (10 * SMALL, 10),
    ],
)  # fmt: skip
def test_content_of_any_size_comes_back_from_as_many_frames_as_it_needs(tmp_path: Path, size: int, frames: int) -> None:
    content = bytes(n % 251 for n in range(size))
    file = _sealed(content)
    assert len(file) == len(MAGIC) + size + frames * TAG
    assert _opened(tmp_path, file) == content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=3 * SMALL), max_size=8))
def test_the_same_content_gives_the_same_file_however_it_comes_in_pieces(chunks: list[bytes]) -> None:
    assert b"".join(seal_frames(KEY, MAC, chunks)) == _sealed(b"".join(chunks))


def test_a_file_cut_anywhere_does_not_open(tmp_path: Path, whole: bytes) -> None:
    """At each frame's border, where what is left is whole frames, and at every byte between."""
    assert _opened(tmp_path, whole) == CONTENT
    opened = []
    for length in range(len(whole)):
        try:
            _opened(tmp_path, whole[:length])
        except BlobDamaged:
            continue
        opened.append(length)
    assert opened == []


def test_a_bit_flipped_anywhere_is_noticed(tmp_path: Path, whole: bytes) -> None:
    """In the head, in each frame's body and in each frame's tag."""
    opened = []
    for place in range(len(whole)):
        for bit in (0, 7):
            file = bytearray(whole)
            file[place] ^= 1 << bit
            try:
                _opened(tmp_path, bytes(file))
            except BlobDamaged:
                continue
            opened.append((place, bit))
    assert opened == []


def test_frames_open_in_no_other_order_and_number(tmp_path: Path, whole: bytes) -> None:
    frames = _frames(whole)
    assert len(frames) == 3
    opened = []
    for count in range(5):
        for order in itertools.product(range(3), repeat=count):
            if order == (0, 1, 2):
                continue
            try:
                _opened(tmp_path, MAGIC + b"".join(frames[n] for n in order))
            except BlobDamaged:
                continue
            opened.append(order)
    assert opened == [], "exchanged, doubled, removed or repeated frames"


@pytest.mark.parametrize(
    ("what", "damage"),
    [
        ("a byte more at the end", lambda file: file + b"\0"),
        ("an empty frame more", lambda file: file + b"\0" * TAG),
        ("the file twice", lambda file: file + file),
        ("another head", lambda file: b"CHRTROOM2\n" + file[len(MAGIC) :]),
        ("no head", lambda file: file[len(MAGIC) :]),
        ("head alone", lambda file: MAGIC),
        ("nothing", lambda file: b""),
        ("zeros of the same size", lambda file: bytes(len(file))),
    ],
)  # fmt: skip
def test_what_is_put_in_place_of_a_file_does_not_open(
    tmp_path: Path, whole: bytes, what: str, damage: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(BlobDamaged, match="was changed"):
        _opened(tmp_path, damage(whole))


@pytest.mark.parametrize(
    ("key", "mac"),
    [(bytes(32), MAC), (KEY[::-1], MAC), (KEY, "b" * 64), (KEY, ""), (KEY, MAC[:-1])],
    ids=["no key", "another key", "another content", "no content", "a shorter MAC"],
)
def test_a_file_opens_only_with_its_own_key_as_its_own_content(
    tmp_path: Path, whole: bytes, key: bytes, mac: str
) -> None:
    with pytest.raises(BlobDamaged):
        _opened(tmp_path, whole, key, mac)
    with pytest.raises(BlobDamaged):
        _opened(tmp_path, _sealed(b""), key, mac)


def test_frames_of_another_file_do_not_fit(tmp_path: Path, whole: bytes) -> None:
    other = _frames(_sealed(CONTENT, KEY[::-1], "b" * 64))
    for place, frame in enumerate(other):
        frames = _frames(whole)
        frames[place] = frame
        with pytest.raises(BlobDamaged):
            _opened(tmp_path, MAGIC + b"".join(frames))


def test_an_empty_content_is_sealed_too(tmp_path: Path) -> None:
    file = _sealed(b"")
    assert file != MAGIC, "an empty page is not a lost one"
    assert _opened(tmp_path, file) == b""
    with pytest.raises(BlobDamaged):
        _opened(tmp_path, MAGIC)


def test_equal_frames_of_one_content_look_different() -> None:
    first, second, third = _frames(_sealed(bytes(3 * SMALL)))
    assert len({first, second, third}) == 3


def test_the_message_names_the_file_and_nothing_of_its_content(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / ("f" * 64)
    path.write_bytes(whole[:-1])
    with pytest.raises(BlobDamaged) as damaged:
        open_sealed(path, KEY, MAC)
    assert str(damaged.value) == "stored file ffffffffffff was changed"
    with pytest.raises(BlobMissing) as missing:
        open_sealed(tmp_path / ("e" * 64), KEY, MAC)
    assert str(missing.value) == "stored file eeeeeeeeeeee is missing"
