"""What the labels of a page announce: each value with how sure it is, and whether it is another person's or an office's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from classify import normal
from classify.fields import attending, claims, facility, ticks
from classify.fields.contact import CELL, PHONE
from classify.fields.dates import ADMIT, DISCHARGE, RELEASED, SERVICE
from classify.fields.others import RELATIVES, Claims, rows_of_others
from classify.fields.table import FIELDS
from classify.finding import confidence
from classify.finding.labels import FoundLabel
from classify.finding.labelwords import in_full
from classify.finding.places import Found, Side, find_values
from classify.guess import FieldValue
from classify.profile import Profile
from classify.rows import Row
from ocr.page import OcrPage

PARTS = ("family_name", "given_name")

THEIRS = frozenset({"name", *PARTS, "dob", "sex", "phone", CELL.name, "address", "ssn4", "mrn", "encounter", "account"})
"""Fields of which other people on a page have their own."""

_SECRET = frozenset(field.name for field in FIELDS if field.is_secret)


def values_by_label(
    rows: tuple[Row, ...], anchors: list[FoundLabel], profile: Profile, page: OcrPage
) -> Iterator[FieldValue]:
    """Every value that a label of the page announces, with its place and how sure it is; ticked boxes first."""
    boxes = list(ticks.find(rows, anchors, page.marks))
    yield from (value.on_page(page.number) for _, value in boxes if value is not None)
    others = rows_of_others(rows)
    yield from (value.on_page(page.number) for value in ticks.find_alone(rows, anchors, page.marks, others))
    with_boxes = [label for label, _ in boxes]
    all_found = [found for found in find_values(rows, FIELDS, anchors, profile) if found.anchor not in with_boxes]
    told = _Told(rows, anchors, profile, all_found, others)
    for found in map(told.meant, all_found):
        if told.is_nobodys(found):
            continue
        is_of_another = told.is_anothers(found)
        sure = confidence.confidence_of(confidence.features_of(found, dpi=page.dpi, is_near_relative=is_of_another))
        sure = min(sure, told.most(found))
        raw = found.value if found.field in _SECRET else found.raw
        by_hand = confidence.is_handwritten(found.words)
        yield FieldValue(
            found.field, found.value, raw, confidence.as_read(sure, by_hand=by_hand), page.number, found.box, "label",
            found.is_valid, by_hand, is_of_another,
        )  # fmt: skip


class _Told:
    """What the other labels of a page say of a value: whose it is, what a label of many meanings means, how sure at most."""

    def __init__(
        self,
        rows: tuple[Row, ...],
        anchors: list[FoundLabel],
        profile: Profile,
        found: Sequence[Found],
        others: dict[int, bool],
    ) -> None:
        self._rows, self._profile, self._all = rows, profile, found
        self._others = others
        self._offices = _Offices(rows, anchors)
        fields = {one.field for one in found if one.is_valid}
        self._first = {one.field: one for one in sorted(found, key=_place, reverse=True) if one.is_valid}
        self._named = sorted(
            (anchor.row, anchor.first, anchor.field != "name")
            for anchor in anchors
            if anchor.field == "name" or _names_another(anchor, rows)
        )
        self._is_stay = ADMIT.name in fields
        self._is_insured = not _INSURANCE.isdisjoint(anchor.field for anchor in anchors) or claims.is_of_an_insurer(
            rows
        )
        self._has_mrn = any(anchor.field == "mrn" for anchor in anchors)
        self._has_attending = any(one.field == attending.FIELD.name and _says_attending(one, rows) for one in found)
        self._has_visit = any(
            one.field == SERVICE.name and one.is_valid and self._is_of_the_visit(one) for one in found
        )

    def meant(self, found: Found) -> Found:
        """A value behind a bare 'ID' as what it is: a record number where it is written as the site's are, or where the
        page tells of no insurance; else the member's."""
        if found.field != "member_id" or _label(found, self._rows) not in _ANY_ID or self._has_mrn:
            return found
        number = found.words[0].text.strip("#:.,;()[]").upper()
        is_of_the_site = re.fullmatch(self._profile.mrn_pattern, number) is not None
        if is_of_the_site and ("mrn" in self._profile.own_patterns or not self._is_insured):
            return replace(found, field="mrn", value=number, raw=found.words[0].text, words=found.words[:1])
        return found

    def is_nobodys(self, found: Found) -> bool:
        """Whether a value is an office's telephone, a day on which a result was released, or no number of this site."""
        if found.field == DISCHARGE.name and not self._is_stay and _label(found, self._rows) in RELEASED:
            return True
        is_unlike = self._is_unlike(found) and not found.anchor.is_marked  # 'URN  U8628-4' is a vessel of urine
        return is_unlike or self._offices.have(found) or self._is_of_a_facility(found)

    def _is_of_a_facility(self, found: Found) -> bool:
        """Whether words like a name go on as the name of a hospital: 'Pinebrook Teaching' Hospital."""
        if found.field != "name":
            return False
        last = found.words[-1]
        for row in self._rows:
            if last in row.words:
                at = row.words.index(last)
                following = row.words[at + 1 : at + 3]
                is_close = bool(following) and following[0].box.left - last.box.right <= max(last.box.height, 12)
                return is_close and facility.is_facility(f"{last.text} {' '.join(word.text for word in following)}")
        return False

    def is_anothers(self, found: Found) -> bool:
        """Whether a value stands where another person's do."""
        is_placed = is_theirs(found, self._others) or self._comes_after_another(found) or self._is_of_a_child(found)
        return is_placed or _is_of_a_contact(found, self._rows)

    def _is_of_a_child(self, found: Found) -> bool:
        """Whether 'Child's name' is that of a patient's child: the page is none that children have of their own."""
        if found.field != "name" or _CHILDREN.isdisjoint(in_full(_label(found, self._rows).split())):
            return False
        return not any(_OF_A_CHILD.search(row.text) for row in self._rows if row.top_share <= _HEAD_OF_PAGE)

    def _comes_after_another(self, found: Found) -> bool:
        """Whether a birthday, a sex or a telephone is the second of a page, and another person was named since the first:
        'Patient … DOB … Insured's name … DOB'."""
        first = self._first.get(found.field)
        if found.field not in _TOLD_OF_BOTH or first is None or first.value == found.value:
            return False
        since = [other for row, word, other in self._named if _place(first) < (row, word) < _place(found)]
        return bool(since) and since[-1]

    def most(self, found: Found) -> float:
        """The confidence that a value has at most."""
        bounds = [1.0]
        if self._is_unlike(found):
            bounds.append(_AGAINST_THE_MASK)
        if found.field == attending.FIELD.name and self._has_attending and not _says_attending(found, self._rows):
            bounds.append(_OTHER_PROVIDER)
        if found.field == SERVICE.name and self._has_visit and not self._is_of_the_visit(found):
            bounds.append(_OTHER_DAY)
        if found.field == SERVICE.name and _ANY_DAY.issuperset(_label(found, self._rows).split()):
            bounds.append(_OTHER_DAY if self._has_other_day(found) else _BEHIND)
        if found.field in ("member_id", "payer") and self._is_second(found):
            bounds.append(_SECOND)
        if found.field == "member_id" and _label(found, self._rows) in _ANY_ID and not self._is_insured:
            bounds.append(_ANY_NUMBER)
        if found.side is Side.BEFORE:
            bounds.append(_BEHIND)
        return min(bounds)

    def _has_other_day(self, found: Found) -> bool:
        """Whether a label that says more than 'Date' announces a day of service."""
        return any(
            one.field == SERVICE.name and one.is_valid and not _ANY_DAY.issuperset(_label(one, self._rows).split())
            for one in self._all
            if one is not found
        )

    def _is_second(self, found: Found) -> bool:
        """Whether a number or a payer is that of the second insurance: 'Secondary policy #'."""
        words = self._rows[found.anchor.row].words[max(0, found.anchor.first - 1) : found.anchor.last + 1]
        return any(normal.plain(word.text) in _OF_THE_SECOND for word in words)

    def _is_unlike(self, found: Found) -> bool:
        return not found.is_valid and found.field in self._profile.own_patterns

    def _is_of_the_visit(self, found: Found) -> bool:
        """Whether a label asks for the day of the visit, and not for one of what was done about it."""
        return not _OF_ANOTHER_DAY.intersection(_label(found, self._rows).split())


_CHILDREN = frozenset({"child", "childs", "student", "students", "pupil", "pupils", "minor", "minors"})

_OF_A_CHILD = re.compile(
    r"(?i)\b(?:birth|immuni[sz]ation|vaccin|p(?:a)?ediatric|well[ -]child|school|newborn|child(?:ren|hood|\scare|\shealth))"
)
"""What the head of paper says that is about a child: its certificate of birth, its vaccinations, its school's form."""

_HEAD_OF_PAGE = 0.3

_TOLD_OF_BOTH = frozenset({"dob", "sex", "phone"})
"""What forms ask of the patient and of the subscriber, the parent or the contact in the same words."""


def _place(found: Found) -> tuple[int, int]:
    """Where the label of a value stands in the order of reading: its row, and its first word there."""
    return found.anchor.row, found.anchor.first


def _names_another(anchor: FoundLabel, rows: tuple[Row, ...]) -> bool:
    """Whether a label asks for another person: 'Insured's name, if other', 'Emergency contact'."""
    words = in_full(
        normal.plain(" ".join(w.text for w in rows[anchor.row].words[anchor.first : anchor.last + 1])).split()
    )
    return not anchor.field and any(" ".join(words[:size]) in RELATIVES for size in (1, 2, 3))


_INSURANCE = frozenset({"payer", "group", "rx_bin"})

_ANY_ID = frozenset({"id", "id no", "id number", "identification number", "identification no", "ident"})
"""Labels of the number that a card, a tracing or an office gives somebody."""

_ANY_NUMBER = 0.5
"""Confidence of a member id behind a bare 'ID' where nothing on the page tells of insurance, at most."""

_OF_ANOTHER_DAY = frozenset(
    "surgery procedure operation op report order collection collected specimen onset soc".split()
)

_ANY_DAY = frozenset({"date", "dated", "other", "dt"})
"""Words of labels that announce any day: 'Date', 'Other date', 'Date / Age'."""

_OF_THE_SECOND = frozenset({"secondary", "second", "sec", "2nd", "2", "other", "supplemental", "tertiary"})

_SECOND = 0.5
"""Confidence of a number of the second insurance, at most: the first is the one that is indexed."""

_OTHER_DAY = 0.5
"""Confidence of the day of an operation or report where the page tells the day of the visit, at most."""

_BEHIND = 0.9
"""Confidence of a value whose label stands behind it, at most: few papers are so, and none that a weight was fitted on."""

_AGAINST_THE_MASK = 0.5
"""Confidence of a record or visit number that is not written as the site says its numbers are, at most."""

_OTHER_PROVIDER = 0.5
"""Confidence of who ordered, dictated or read where the page says who attends: another person mostly."""


def _label(found: Found, rows: tuple[Row, ...]) -> str:
    """The words of the label of a value."""
    words = rows[found.anchor.row].words[found.anchor.first : found.anchor.last + 1]
    return " ".join(normal.plain(word.text.partition(":")[0]) for word in words).strip()


def _says_attending(found: Found, rows: tuple[Row, ...]) -> bool:
    """Whether the label asks for the one who is responsible, not for anybody who took part."""
    label = _label(found, rows)
    return any(
        word in label
        for word in ("attend", "attg", "responsible", "mrp", "of record", "in charge", "named", "treating", "amo")
    )


def is_theirs(found: Found, others: dict[int, bool]) -> bool:
    """Whether a value beside this label may be another person's: in the row of their label, or under their heading."""
    if found.field not in THEIRS:
        return False
    row = found.anchor.row
    goes_on = (
        others.get(row - 1) is False and found.anchor.first == 0 and found.anchor.is_marked
    )  # their row was too long
    in_their_row = others.get(row) is False and found.anchor.first > 0
    return in_their_row or goes_on or others.get(row) is True


class _Offices:
    """Which telephones of a page are an office's: in its letterhead, beside a fax number, under a heading of its own, or on the
    cover of a fax."""

    def __init__(self, rows: tuple[Row, ...], anchors: list[FoundLabel]) -> None:
        self._rows, self._anchors = rows, anchors

    @cached_property
    def _claims(self) -> Claims:
        return Claims(self._rows)

    @cached_property
    def _is_fax_cover(self) -> bool:
        """Whether the page says from whom and to whom it is faxed: telephones above the patient are those of both ends."""
        words = [normal.plain(word.text) for row in self._rows for word in row.words]
        ends = {normal.plain(word.text) for row in self._rows for word in row.words if word.text.endswith(":")}
        return {"to", "from"} <= ends and any(word in _FAX for word in words)

    def have(self, found: Found) -> bool:
        """Whether the value beside this label is an office's."""
        if found.field not in (PHONE.name, CELL.name):
            return False
        row = self._rows[found.anchor.row]
        if self._is_fax_cover and not self._is_said_whose(found):
            return True
        if any(normal.plain(word.text) in _FAX for word in row.words):
            return True
        return self._is_in_letterhead(found) or self._claims.is_headed(found.anchor.row, found.anchor.first)

    def _is_in_letterhead(self, found: Found) -> bool:
        row = self._rows[found.anchor.row]
        above = self._rows[max(0, found.anchor.row - 2) : found.anchor.row]
        is_letterhead = _ADDRESS.search(row.text) or any(facility.is_facility(other.text) for other in above)
        return row.top_share < _LETTERHEAD and bool(is_letterhead) and not self._is_said_whose(found)

    def _is_said_whose(self, found: Found) -> bool:
        """Whether the page has said whose it is before."""
        return any(anchor.field in _IDENTITY and anchor.row <= found.anchor.row for anchor in self._anchors)


_FAX = frozenset({"fax", "facsimile"})

_LETTERHEAD = 0.16
"""Share of a page at whose top a letterhead stands, until something there says whose page it is."""

_ADDRESS = re.compile(r"^\d+ \w+|\b[A-Z]{2},? \d{5}\b")
"""A house number at the beginning of a row, or a postcode."""

_IDENTITY = frozenset({"name", "mrn", "dob", "account", "encounter", *PARTS})


_CONTACT = re.compile(r"(?:emergency contact|contact person|contact name|name of contact|next of kin)\b")


def _is_of_a_contact(found: Found, rows: tuple[Row, ...]) -> bool:
    """Whether a 'contact phone' is that of the emergency contact whom the page names in another row."""
    if found.field != "phone":
        return False
    label = rows[found.anchor.row].words[max(0, found.anchor.first - 1) : found.anchor.last + 1]
    is_contact = any(normal.plain(word.text) in ("contact", "contacts") for word in label)
    return is_contact and any(_CONTACT.search(normal.plain(row.text)) for row in rows)
