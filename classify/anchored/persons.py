"""Who of the patient list stands on the pages: the lookup, one or two key queries a document, and who else is named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from classify import normal
from classify.anchored.evidence import (
    LOOKED_UP,
    Anchored,
    Hint,
    are_cells,
    find_anchor,
    find_hint,
    is_in_head,
    joined,
    shape_of_number,
    stand_together,
)
from classify.anchored.mentions import STAMP
from classify.anchored.names import families_of, names_of, read_as
from classify.fields.mentions import STATE, STREETS
from classify.guess import PersonRecord, Roster
from classify.matching import alike
from classify.matching.keys import keys_of_mentions
from classify.mentioned import Kind, Mention, Mentions

_MOST_NUMBERS, _MOST_BIRTHS = 12, 24
"""Numbers and birthdays of one document that are looked up, those nearest to a name first: two keys a number, two a surname
with a birthday. A page that names one patient needs six."""

_MOST_PERSONS = 16
"""Persons that are held against the pages: those with such a number, then those with surname and birthday, come first."""

_MOST_NEAR = 4
"""Names near a date that may be the name of whose birthday it is."""

_OF_A_LIST = 3
"""So many persons of the list on one document make it a census, a schedule or a log: nobody's."""

_BIRTH = ("", "dob")


@dataclass(frozen=True, slots=True)
class Persons:
    """Who of the list stands on the pages: `anchored` with name and number or birthday, `hinted` with number and birthday
    where the name is not readable."""

    anchored: tuple[Anchored, ...] = ()
    hinted: tuple[Hint, ...] = ()


def find_persons(parts: Sequence[Mentions], roster: Roster) -> Persons:
    """Everyone of the list who stands on these pages; of a list of patients nobody."""
    newest = newest_day(parts)
    read = tuple(_without_recent_days(part, newest) for part in parts)
    keys = _keys(read)
    if not keys or not roster.people():
        return Persons()
    numbers = {alike.fold(m.text) for part in read for m in part.of(Kind.NUMBER) if not m.is_of_another}
    days = {day for part in read for m in part.of(Kind.DATE) if not m.is_of_another for day in m.days}
    anchored: list[Anchored] = []
    hinted: list[Hint] = []
    for person in roster.find_by_keys(tuple(keys), _MOST_PERSONS):
        own = (person.mrn, *person.other_mrns, *person.encounters)
        if person.birth_date not in days and numbers.isdisjoint(map(alike.fold, own)):
            continue  # shares a surname and the day of a birthday
        if anchor := find_anchor(person, read):
            anchored.append(anchor)
        elif hint := find_hint(person, read):
            hinted.append(hint)
    return Persons() if len(anchored) >= _OF_A_LIST else Persons(tuple(anchored), tuple(hinted))


def keys_of_parts(parts: Sequence[Mentions]) -> list[str]:
    """The keys under which these pages look for persons, so that a change of one of them is noticed."""
    newest = newest_day(parts)
    return _keys(tuple(_without_recent_days(part, newest) for part in parts))


def _keys(parts: Sequence[Mentions]) -> list[str]:
    """The keys to look under: numbers and birthdays that stand with a name, the nearest first."""
    numbers: list[tuple[int, str]] = []
    births: list[tuple[int, tuple[str, date]]] = []
    for part in parts:
        if part.is_list:
            continue
        names = [m for m in part.of(Kind.NAME) if not m.is_of_another]
        for mention in part.found:
            is_number = mention.kind is Kind.NUMBER and mention.label in LOOKED_UP
            if mention.is_of_another or not (is_number or (mention.kind is Kind.DATE and mention.label in _BIRTH)):
                continue
            near = sorted(
                (name for name in names if stand_together(name, mention, part)),
                key=lambda name: _rows_apart(name, mention),
            )[:_MOST_NEAR]
            if is_number and near:
                numbers.append((_rows_apart(near[0], mention), mention.text))
            elif near:
                births += [
                    (_rows_apart(name, mention), (family, day))
                    for name in near
                    for family in families_of(name.words) or name.words
                    for day in mention.days
                ]
    nearest = [number for _, number in sorted(numbers, key=lambda n: n[0])]
    born = [birth for _, birth in sorted(births, key=lambda b: b[0])]
    keys = keys_of_mentions(list(dict.fromkeys(nearest))[:_MOST_NUMBERS], ())
    return [*keys, *keys_of_mentions((), list(dict.fromkeys(born))[:_MOST_BIRTHS])]


def _rows_apart(one: Mention, other: Mention) -> int:
    return abs(one.row - other.row)


# ---- days

RECENT = timedelta(days=31)
"""Days before the newest date of a document in which a date without a label is no birthday: the son of the same name may
be born on the day his father is seen. A newborn's paper goes to a person anyway."""

_OLD = timedelta(days=365)
"""A date so much older than the newest one may be somebody's birthday."""


def newest_day(parts: Sequence[Mentions]) -> date | None:
    """The newest date on the pages as the site reads it; None when they have one date only, which is no measure."""
    days: set[date] = set()
    doubtful: set[date] = set()  # 12-14-20 may be a record number
    for part in parts:
        numbers = {(m.row, m.first) for m in part.of(Kind.NUMBER)}
        for mention in part.of(Kind.DATE):
            (doubtful if (mention.row, mention.first) in numbers else days).add(mention.days[0])
    read = days or {day for day in doubtful if day <= normal.today()}
    return max(read) if len(read) > 1 else None


def _without_recent_days(part: Mentions, newest: date | None) -> Mentions:
    kept = tuple(
        m
        for m in part.found
        if m.kind is not Kind.DATE or m.label == "dob" or newest is None or m.days[0] < newest - RECENT
    )
    return replace(part, found=kept)


# ---- who else is named


def find_rival(anchored: Anchored, parts: Sequence[Mentions]) -> int | None:
    """The page on which somebody else is named who may be the one whose document it is, or None.

    The list knows them not: the child of a registered mother, a sister, somebody of another hospital. So what counts is
    a name that no role word gives away, and that has the word 'patient' before it, or the same surname, or a birthday or
    record number of its own, or the head of the page while the person's name is not there.
    """
    newest = newest_day(parts)
    is_cued = any(place.seen.mention.is_subject for place in anchored.places)
    is_headed = any(is_in_head(place.seen.mention, place.seen.part) for place in anchored.places)
    for part in parts:
        if part.is_list:
            continue
        is_rival = any(
            (run.is_subject and not is_cued)
            or _is_of_the_family(run.words, anchored.person)
            or _has_identifier(run, part, anchored, newest)
            or (not is_headed and is_in_head(run, part) and _is_written_for_files(run, part))
            for run in _other_names(anchored.person, part)
        )
        if is_rival or _is_half_named(part, anchored) or _is_a_namesake_named(part, anchored, newest):
            return part.page
    return None


def _is_half_named(part: Mentions, anchored: Anchored) -> bool:
    """Whether another number like an MRN stands in a row with one word of a name: the rest may be a word of forms (Check)."""
    rows = {m.row for m in part.found if not m.is_of_another and _is_other_number(m, anchored)} - _rows_of_a_log(part)
    return any(
        run.row in rows and not run.is_of_another and len(run.words[0]) > 2 and not _may_be(run.words, anchored.person)
        for run in part.of(Kind.NAME)
        if len(run.words) == 1
    )


def _rows_of_a_log(part: Mentions) -> set[int]:
    """Rows that begin with a day and its hour, as a log of orders and what was done has them: its numbers are no patient's."""
    return {m.row for m in part.of(Kind.DATE) if m.first == 0 and m.label == STAMP}


def _is_a_namesake_named(part: Mentions, anchored: Anchored, newest: date | None) -> bool:
    """Whether the person's name stands nearer to another birthday than to the person's: father and son, Will and Willie."""
    if newest is None:
        return False
    own = [seen.mention for seen in anchored.seen if seen.field == "dob" and seen.part.page == part.page]
    others = [m for m in part.of(Kind.DATE) if not m.is_of_another and _is_other_birthday(m, anchored, newest, _OLD)]
    for run in part.of(Kind.NAME):
        if run.is_of_another or read_as(run.words, anchored.person) is None:
            continue
        nearest = min((_rows_apart(run, day) for day in own), default=_ROWS_BELOW + 1)
        if any(0 <= day.row - run.row < min(nearest, _ROWS_BELOW + 1) for day in others):
            return True
    return False


_INITIALS = 2
"""Letters of what nurses sign the columns of a flow sheet with."""


def _other_names(person: PersonRecord, part: Mentions) -> Iterator[Mention]:
    """Names of two words or more that are not the person's and that no role word claims; cells of one row count together."""
    runs = [m for m in part.of(Kind.NAME) if not m.is_of_another]
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else None
        words = [word for word in run.words if word != ","]
        if len(words) == 1 and following is not None and len(following.words) == 1 and are_cells(run, following):
            run = joined(run, following)
            words = list(run.words)
        is_short = all(len(word) <= _INITIALS and normal.plain(word) not in normal.NEWBORN for word in words)
        is_newborn = bool(normal.NEWBORN & {normal.plain(word) for word in words}) and len(words) <= 2
        is_name = len(words) > 1 and not _is_no_name(run.words)
        if (is_name or is_newborn) and not is_short and not _may_be(run.words, person):
            yield run


_VOWELS = frozenset("aeiouy")


def _is_no_name(words: Sequence[str]) -> bool:
    """Whether words like a name are of an address ('Blvd, Galway'; 'Salem, VA') or codes of a table ('MSD RD')."""
    plain = [normal.plain(word) for word in words]
    is_place = plain[0] in STREETS or (
        len(words) > 2 and words[-2] == "," and re.fullmatch(STATE, words[-1]) is not None
    )
    return is_place or not any(_VOWELS & set(word) for word in plain)


def _may_be(words: Sequence[str], person: PersonRecord) -> bool:
    """Whether these words are a name of the person, in full or with initials: A. Rivera."""
    if read_as(words, person) is not None:
        return True
    families = {alike.letters(family) for family, _ in names_of(person)}
    said = [alike.letters(word) for word in words if word != ","]
    rest = [word for word in said if word not in families]
    given = [alike.letters(first) for _, first in names_of(person)]
    middle = [alike.letters(person.middle), alike.letters(person.suffix)]
    is_given = any(_is_one_of(word, given) for word in rest)
    if any(len(word) > 1 for word in rest) and not any(len(word) > 1 and _is_one_of(word, given) for word in rest):
        # another first name in full, by chance with the initials of the person's names: 'Laura D' is no Daniel L
        return any(len(word) > 1 and word == known for word in rest for known in middle)
    return (
        len(rest) < len(said) and (not rest or is_given) and all(_is_one_of(word, [*given, *middle]) for word in rest)
    )


def _is_one_of(word: str, own: Sequence[str]) -> bool:
    """Whether a word is one of these names, its first letter, or a short form."""
    return any(
        word == known
        or (len(word) == 1 and known.startswith(word))
        or (len(known) == 1 and word.startswith(known))
        or alike.are_nicknames(word, known)
        for known in own
        if known and word
    )


def _is_of_the_family(words: Sequence[str], person: PersonRecord) -> bool:
    """Whether another first name stands beside the person's surname, or 'Baby' beside it."""
    families = {alike.letters(family) for family, _ in names_of(person) if family}
    said = [alike.letters(word) for word in words if word != ","]
    if normal.NEWBORN & set(said):
        return True
    return bool(families & set(said)) and any(len(word) > 1 and word not in families for word in said)


_ROWS_BELOW = 2
"""Rows under a name in which its birthday or number stands."""


def _has_identifier(run: Mention, part: Mentions, anchored: Anchored, newest: date | None) -> bool:
    """Whether a birthday or record number that is not the person's stands in the row of a name or right under it; a date
    there that cannot be read is one too: 07/25/2819 beside a child's name."""
    names = [place.seen.mention.row for place in anchored.places if place.seen.part.page == part.page]
    if "," not in run.words and run.row in _rows_of_a_log(part):
        return False
    return any(
        not mention.is_of_another
        and 0 <= mention.row - run.row <= _ROWS_BELOW
        and not any(run.row < row <= mention.row for row in names)
        and (
            _is_other_birthday(mention, anchored, newest, RECENT if "," in run.words else _OLD)
            or _is_other_number(mention, anchored)
            or (_is_unreadable_birthday(mention) and mention.row == run.row)
        )
        for mention in part.found
    )


def _is_other_birthday(mention: Mention, anchored: Anchored, newest: date | None, since: timedelta) -> bool:
    """Whether a date may be the birthday of somebody else: of an infant too, where the name is written surname first."""
    is_birthday = mention.kind is Kind.DATE and mention.label in _BIRTH and is_birthlike(mention, newest, since)
    if any(seen.mention.box == mention.box for seen in anchored.seen):  # the person's own number, 14-09-80
        return False
    return is_birthday and anchored.person.birth_date not in mention.days


def _is_other_number(mention: Mention, anchored: Anchored) -> bool:
    """Whether a number is like the MRNs of this list and none of the person's."""
    if mention.kind is not Kind.NUMBER or mention.label not in ("", "mrn") or mention.may_be_day:
        return False
    is_alike = shape_of_number(mention.text) == shape_of_number(anchored.person.mrn)
    return is_alike and normal.number(mention.text) not in {normal.number(seen.value) for seen in anchored.seen}


def is_birthlike(mention: Mention, newest: date | None, since: timedelta = _OLD) -> bool:
    """Whether a date may be a birthday: labelled so, or at least so long before the newest date of the document; its only
    date when it is two years old."""
    if mention.label == "dob":
        return True
    return mention.days[0] <= (newest - since if newest is not None else normal.today() - 2 * _OLD)


def find_unreadable_birthday(anchored: Anchored) -> int | None:
    """The page on which a date that cannot be read stands with the name, where no birthday can be: it may be another's."""
    if anchored.best("dob"):
        return None
    return next(
        (
            place.seen.part.page
            for place in anchored.places
            for mention in place.others
            if _is_unreadable_birthday(mention)
        ),
        None,
    )


def _is_unreadable_birthday(mention: Mention) -> bool:
    return mention.kind is Kind.UNREADABLE_DATE and mention.label in _BIRTH


_STATE_LETTERS, _LETTERS_OF_AN_OFFICE = 2, 4


_ZIP = re.compile(r"\d{5}(?:-\d{4})?")


def _is_written_for_files(run: Mention, part: Mentions) -> bool:
    """Whether a name is written surname first with a comma; a town and its state are not, nor a street and its floor, nor who
    works where."""
    words = run.words
    if "," not in words[1:-1]:
        return False
    after = next(word for word in words[words.index(",") + 1 :] if word != ",")
    is_office = after.isupper() and len(after) <= _LETTERS_OF_AN_OFFICE and not words[0].isupper()  # Ann Ellison, HIM
    if is_office or _is_of_an_address(run, part):
        return False
    has_zip = any(m.row == run.row and m.first > run.last and _ZIP.fullmatch(m.text) for m in part.of(Kind.NUMBER))
    return len(after) > _STATE_LETTERS and not has_zip


def _is_of_an_address(run: Mention, part: Mentions) -> bool:
    """Whether the words are of a street behind its house number: 12 College Rd, Ste 200."""
    return any(house.row == run.row and house.first < run.first <= house.last for house in part.of(Kind.HOUSE))
