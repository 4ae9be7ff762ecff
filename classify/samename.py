"""Whether two names that were read may be one person's."""

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from classify import normal
from classify.matching.alike import are_nicknames, reads_alike


def same_name(one: str, other: str) -> bool:
    """Whether two names as read may be one person's: surname and first name each the same, a short form, or misread.

    Compared apart, for Mary and Mark Johnson are alike as a whole; a first name may differ by what OCR confuses only.
    """
    first, second = normal.split_name(one), normal.split_name(other)
    if first is None or second is None:
        return JaroWinkler.similarity(normal.letters(one), normal.letters(other)) >= 0.94
    family, given = normal.letters(first[0]), normal.letters(first[1])
    their_family, their_given = normal.letters(second[0]), normal.letters(second[1])
    if (family, given) == (their_given, their_family):
        return True  # written the other way round
    return _same_family(family, their_family) and _same_given(given, their_given)


def _same_family(one: str, other: str) -> bool:
    is_one_off = min(len(one), len(other)) >= 5 and DamerauLevenshtein.distance(one, other) <= 1
    return (
        one == other
        or reads_alike(one, other)
        or is_one_off
        or (min(len(one), len(other)) >= 4 and (one in other or other in one))
    )


def _same_given(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1]
    is_one_off = min(len(one), len(other)) >= 8 and DamerauLevenshtein.distance(one, other) <= 1
    return one == other or reads_alike(one, other) or are_nicknames(one, other) or is_one_off
