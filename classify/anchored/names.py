"""Whether words that look like a name are a certain person's, all of them explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify import normal
from classify.guess import PersonRecord
from classify.matching import alike


@dataclass(frozen=True, slots=True)
class SaidName:
    """A name as printed, its parts told apart by the patient list; `is_exact` when no letter of it differs."""

    family: str
    given: str
    middle: str
    suffix: str
    is_exact: bool

    @property
    def value(self) -> str:
        """FAMILY, GIVEN MIDDLE SUFFIX, as the field has it."""
        rest = " ".join(part for part in (self.given, self.middle, self.suffix) if part)
        return f"{self.family}, {rest}".upper()


def read_as(words: Sequence[str], person: PersonRecord) -> SaidName | None:
    """These words as a name of the person, or None: surname and first name the same, a short form, or misread.

    Every word must have a part: 'Mary Ann Smith' is not Ann Smith, and 'Smith-Jones, Ann' is not either.
    """
    fits = [
        SaidName(family, given, middle, suffix, is_exact)
        for family, given, middle, suffix in _parts(words)
        for known_family, known_given in names_of(person)
        if (is_exact := _fits((family, given), (known_family, known_given))) is not None
    ]
    return max(fits, key=lambda said: said.is_exact, default=None)


def names_of(person: PersonRecord) -> list[tuple[str, str]]:
    """Surname and first name of every name of a person, the present one first."""
    return [(person.family, person.given), *((n.family, n.given or person.given) for n in person.other_names)]


def families_of(words: Sequence[str]) -> list[str]:
    """What of these words may be the surname."""
    return list(dict.fromkeys(family for family, _, _, _ in _parts(words)))


def _parts(words: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Every way to take the words apart: family, given, middle, suffix."""
    suffix = next((word for word in words if normal.letters(word) in normal.SUFFIXES), "")
    words = [word for word in words if word != suffix]
    while words and words[-1] == ",":
        words.pop()
    if "," in words:
        at = words.index(",")
        family, rest = words[:at], [word for word in words[at + 1 :] if word != ","]
        if family and rest:
            yield from _with_middle(family, rest, suffix)
        return
    for at in range(1, len(words)):
        yield from _with_middle(words[:at], words[at:], suffix)  # Rivera Ana M
        for middle in range(at):
            if at - middle <= 2:  # Ana M Rivera, Mary Ann Smith
                yield " ".join(words[at:]), " ".join(words[: at - middle]), " ".join(words[at - middle : at]), suffix


_MOST_MIDDLE = 2
"""Words beside surname and first name: a middle name, and the letter of the sex that stands after it on labels."""


def _with_middle(family: Sequence[str], rest: Sequence[str], suffix: str) -> Iterator[tuple[str, str, str, str]]:
    for many in (1, 2):
        middle = list(rest[many:])
        if len(middle) == _MOST_MIDDLE and middle[-1] in ("M", "F", "U"):
            middle.pop()
        if many <= len(rest) and len(middle) < _MOST_MIDDLE:
            yield " ".join(family), " ".join(rest[:many]), " ".join(middle), suffix


def _fits(said: tuple[str, str], known: tuple[str, str]) -> bool | None:
    """Whether both parts are the same (True) or misread or short (False); None when they are not one name."""
    family, given = map(alike.letters, said)
    last, first = map(alike.letters, known)
    if not all((family, given, last, first)) or len(given) < 2:
        return None
    if family == last and given == first:
        return True
    is_family = family == last or alike.reads_alike(family, last) or alike.is_slip(family, last)
    return (
        False
        if is_family
        and (
            given == first
            or alike.are_nicknames(given, first)
            or alike.reads_alike(given, first)
            or alike.is_slip(given, first)
        )
        else None
    )
