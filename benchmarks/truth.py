"""When a value is what the paper says: compared in normal form, as its field is used."""

from classify import normal

_NAMES = frozenset({"name", "attending", "guarantor", "signed_by"})
_TEXTS = frozenset({"payer", "address", "disposition", "facility", "diagnosis"})


def is_same(name: str, value: str, truth: str) -> bool:
    """Whether a value says what was printed; names need family and given name, texts their letters and digits."""
    if name in _NAMES:
        one, other = normal.split_name(value), normal.split_name(truth)
        return bool(one and other) and _plain_name(one) == _plain_name(other)
    if name in _TEXTS:
        return normal.letters(value) == normal.letters(truth)
    if name == "allergies":
        return _allergies(value) == _allergies(truth)
    return normal.number(value) == normal.number(truth)


def _plain_name(parts: tuple[str, str, str, str] | None) -> tuple[str, str]:
    assert parts is not None
    return normal.letters(parts[0]), normal.letters(parts[1])


def _allergies(text: str) -> str:
    plain = normal.letters(text)
    return "nka" if plain in ("nka", "nkda", "noknowndrugallergies", "noknownallergies") else plain
