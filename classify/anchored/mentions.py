"""What a page mentions without any label: names, numbers, dates, telephones and houses, each with place and role.

What they mean is asked of the patient list later (classify/anchored/persons.py). This step knows no list, and its result is
small: it travels from the worker to where the list is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from classify import normal
from classify.anchored.encoded import encoded_mentions, with_encoded
from classify.anchored.tokens import date_over_rows, tokens_of
from classify.codes.formids import FormId, is_revision
from classify.fields.dates import as_printed
from classify.fields.givennames import are_persons
from classify.fields.others import Claims
from classify.fields.sentences import has_hour, is_in_sentence, is_of_a_thing, is_of_an_event, is_prose, tells_of_birth
from classify.guess import FieldValue
from classify.mentioned import Kind, Mention, Mentions
from classify.profile import Profile
from classify.rows import Row, rows_of
from ocr.page import OcrPage, box_of

_MOST = 120
"""Mentions kept of each kind and page; a full page of print holds some 60 numbers and 40 names."""


def find_mentions(
    page: OcrPage,
    rows: tuple[Row, ...],
    fields: Iterable[FieldValue],
    profile: Profile,
    labels: frozenset[tuple[int, int]] = frozenset(),
    form_ids: tuple[FormId, ...] = (),
) -> tuple[Mentions, ...]:
    """What a page mentions: in upright words, in those of each other direction, as on labels stuck on sideways, and in its
    barcodes. Form numbers and when a form was revised are no mentions.

    `labels` are words that are no part of a name, by row and place in it.
    """
    site, profile = profile, as_printed(rows, profile)
    labelled = [
        value
        for value in fields
        if value.box is not None
        and (value.source in ("label", "form") or value.name in _NO_PERSONS)
        and (value.confidence >= _BELIEVED or value.name not in _NO_PERSONS)
    ]
    upright = _mentions(page, rows, labelled, profile, 0, labels)
    printed = tuple(m for m in upright.found if not _is_of_the_form(m, form_ids))
    encoded = encoded_mentions(page, rows, form_ids, site)
    found = [replace(upright, found=with_encoded(printed, encoded))]
    for degrees in sorted({word.turn for word in page.words} - {0}):
        turned = page.of_turn(degrees)
        found.append(_mentions(turned, rows_of(turned), (), profile, degrees))
    return tuple(mentions for mentions in found if mentions.found)


def _is_of_the_form(mention: Mention, form_ids: tuple[FormId, ...]) -> bool:
    if mention.kind is Kind.NUMBER and not mention.label:
        return any(one.source != "barcode" and one.box.holds_middle_of(mention.box) for one in form_ids)
    return mention.kind in (Kind.DATE, Kind.UNREADABLE_DATE) and is_revision(mention.box, form_ids)


def _mentions(
    page: OcrPage,
    rows: tuple[Row, ...],
    labelled: Iterable[FieldValue],
    profile: Profile,
    turn: int,
    labels: frozenset[tuple[int, int]] = frozenset(),
) -> Mentions:
    claims = Claims(rows)
    found: list[Mention] = []
    for number, row in enumerate(rows):
        tokens = [*tokens_of(row, profile, {at for where, at in labels if where == number})]
        if number + 1 < len(rows) and (torn := date_over_rows(row, rows[number + 1], profile)) is not None:
            tokens.append(torn)
        for kind, first, last, words, days in tokens:
            taken = row.words[first : last + 1]
            found.append(
                Mention(
                    kind,
                    words,
                    number,
                    first,
                    last,
                    box_of(taken),
                    round(min(word.confidence for word in taken), 4),
                    claims.is_of_another(number, first, last),
                    claims.is_subject(number, first),
                    label=_label_of_sentence(kind, rows, number, first, last),
                    days=days,
                    is_handwritten=any(word.is_handwritten for word in taken),
                    is_in_sentence=kind is Kind.NAME and is_in_sentence(row, first, last),
                )
            )
    found = [*_without_told_days(found, rows)]
    found = [*_with_namesakes(found, frozenset(number for number, row in enumerate(rows) if is_prose(row)))]
    places_of_days = {(m.row, m.first) for m in found if m.kind is Kind.DATE}
    found = [
        replace(m, may_be_day=True) if m.kind is Kind.NUMBER and (m.row, m.first) in places_of_days else m
        for m in found
    ]
    kept = [mention for kind in Kind for mention in [m for m in found if m.kind is kind][:_MOST]]
    with_labels = tuple(_with_label(mention, labelled) for mention in kept)
    return Mentions(page.number, turn, page.width, page.height, page.dpi, with_labels, _is_list(with_labels))


_BEHIND_A_NAME = 4
"""Words behind a name among which the birthday stands in running text: 'Ana Rivera (MRN 12345), 03/14/1957, was seen'."""


def _without_told_days(found: Iterable[Mention], rows: tuple[Row, ...]) -> Iterator[Mention]:
    """The mentions, days of running text as events where neither a name stands right before them nor a word of birth or age:
    two columns may tear a sentence from its words."""
    found = list(found)
    names = [m for m in found if m.kind is Kind.NAME]
    for mention in found:
        is_day = mention.kind is Kind.DATE and not mention.label and is_prose(rows[mention.row])
        is_named = any(m.row == mention.row and 0 < mention.first - m.last <= _BEHIND_A_NAME for m in names)
        if is_day and not is_named and not tells_of_birth(rows[mention.row], mention.first):
            mention = replace(mention, label=EVENT)
        yield mention


def _with_namesakes(found: Iterable[Mention], prose: frozenset[int]) -> Iterator[Mention]:
    """The mentions, with names in running text (the rows `prose`) told as another's where a word beside the same name says so
    elsewhere: 'Ana Rivera (daughter) is here', and further down 'Ana Rivera asks'. Outside of it a name keeps what stands
    beside it: it may be the patient's, of the same name."""
    found = list(found)
    named = [m for m in found if m.kind is Kind.NAME and len(m.words) > 1]
    others = {_bare(m) for m in named if m.is_of_another and m.row in prose}
    for mention in found:
        is_same = mention.kind is Kind.NAME and mention.row in prose and not mention.is_subject
        yield replace(mention, is_of_another=True) if is_same and _bare(mention) in others else mention


def _bare(name: Mention) -> frozenset[str]:
    return frozenset(letters for word in name.words if len(letters := normal.letters(word)) > 1)


def _with_label(mention: Mention, labelled: Iterable[FieldValue]) -> Mention:
    """The mention with the field that a label beside it announces, the surest when there are several."""
    if mention.kind is Kind.HOUSE:
        return mention
    if mention.kind is Kind.NAME:
        is_no_person = any(
            value.name in _NO_PERSONS and value.box and value.box.holds_middle_of(mention.box) for value in labelled
        )
        return replace(mention, is_of_another=True) if is_no_person else mention
    beside = [value for value in labelled if value.box and value.box.holds_middle_of(mention.box)]
    if not beside or (mention.label and all(value.name != "dob" for value in beside)):
        return mention
    return replace(mention, label=max(beside, key=lambda value: value.confidence).name)


# ---- days and numbers in sentences


def _label_of_sentence(kind: Kind, rows: tuple[Row, ...], number: int, first: int, last: int) -> str:
    """What the words beside a date or number say that it is, when it is nothing of a person's."""
    if kind is Kind.DATE and has_hour(rows[number], first, last):
        return STAMP
    if kind is Kind.DATE and is_of_an_event(rows, number, first):
        return EVENT
    return EVENT if kind is Kind.NUMBER and is_of_a_thing(rows, number, first) else ""


EVENT = "event"
"""Label of a day on which a sentence says that something was done: 'consent was signed on 08/05/2024' is nobody's birthday.
Of a number, that it is an order's, a room's or the like."""

STAMP = "stamp"
"""Label of a day with its hour, or on which paper was made."""

_NO_PERSONS = frozenset({"payer", "facility", "attending"})
"""Fields whose values look like names and are no patient's."""

_BELIEVED = 0.5
"""A payer that is less likely right than wrong may be the patient's name."""

# ---- lists

_LEAST_OF_A_LIST, _DIGITS_IN_A_LIST = 3, 6

_RANGE = re.compile(r"\d{1,3}-\d{1,3}")
"""What is normal for a test (100-199), and no record number."""


def _is_list(found: tuple[Mention, ...]) -> bool:
    """Whether three rows or more each hold a person's name and a number or date in one column: a census, schedule or log.
    Providers and relatives make none: 'Imaging with Rivera, Ana, MD' is the patient's own appointment."""
    named = [
        mention
        for mention in found
        if mention.kind is Kind.NAME
        and len(mention.words) > 1
        and not (mention.is_of_another or mention.is_in_sentence)
    ]
    names = {mention.row: mention for mention in reversed(named)}
    columns: dict[int, dict[str, Mention]] = {}
    for mention in found:
        name = names.get(mention.row)
        is_number = (
            mention.kind is Kind.NUMBER
            and sum(c.isdigit() for c in mention.text) >= _DIGITS_IN_A_LIST
            and not _RANGE.fullmatch(mention.text)
        )
        if name is None or not (is_number or (mention.kind is Kind.DATE and "," in name.words)):
            continue
        place = round(mention.box.left / (3 * max(mention.box.height, 12)))
        for near in (place, place + 1):
            columns.setdefault(near, {})[name.text] = name
    return any(
        len(here) >= _LEAST_OF_A_LIST and are_persons([name.words for name in here.values()])
        for here in columns.values()
    )
