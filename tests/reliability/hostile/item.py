"""One hostile thing in a hot folder, and what must become of it."""

from dataclasses import dataclass
from enum import StrEnum


class Expect(StrEnum):
    """What a right-minded product does; whatever it does, it says so."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    TELL = "tell"  # refuse it, or keep its page as incomplete or failed, for a person to compare with the paper
    EITHER = "either"


BEACON = b"http://127.0.0.1:00000/"
"""An address inside hostile files; `feeding.py` puts the port of its own listener there: nothing may call it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file to drop: its name, its bytes, what must become of it and why."""

    name: bytes
    data: bytes
    expect: Expect
    why: str
    must_warn: bool = False  # accepted only with a flag that staff see


def accept(name: str | bytes, data: bytes, why: str, *, must_warn: bool = False) -> Item:
    return Item(_bytes(name), data, Expect.ACCEPT, why, must_warn)


def refuse(name: str | bytes, data: bytes, why: str) -> Item:
    return Item(_bytes(name), data, Expect.REFUSE, why)


def tell(name: str | bytes, data: bytes, why: str) -> Item:
    return Item(_bytes(name), data, Expect.TELL, why)


def either(name: str | bytes, data: bytes, why: str, *, must_warn: bool = False) -> Item:
    return Item(_bytes(name), data, Expect.EITHER, why, must_warn)


def _bytes(name: str | bytes) -> bytes:
    return name.encode() if isinstance(name, str) else name
