"""Where documents begin in a run of pages, and whether every page belongs.

A separator sheet, another patient and a page 1 begin a document; everything else is weighed together
(classify/gaps.py). What cannot be decided is told as an exception; a separator that could not be read is never
taken for nothing.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from classify import normal
from classify.codes.formids import find_form_ids, numbers_of_patients
from classify.doubts import Doubt, DoubtCode
from classify.fields import listed
from classify.fields.find import find_fields_and_labels
from classify.fields.ranked import base_of
from classify.forms.recognise import read_zones, recognise_form
from classify.gaps import UNSURE, PageFacts, chance_of_begin, place_of, without_dates
from classify.guess import FieldValue
from classify.identify import Vote, find_title
from classify.profile import Profile
from classify.rows import Row, rows_of
from classify.samename import same_name
from classify.separators import (
    Separator,
    begins_by_patch,
    find_separator,
    has_patch_code,
    is_doubtful,
    names_itself,
    read_number,
)
from classify.typerules import Hit, Where, Which, find_hits
from ocr.page import OcrPage, PageOutcome

_TOLD_APART = frozenset({"title of another kind", "other encounter", "other form"})

_ALWAYS_HEARD = frozenset({"mrn", "encounter"})
"""What a page says of these counts on a form too: a number that contradicts a zone is a reason to ask."""


_WHOSE = frozenset({"mrn", "name", "dob", "encounter"})

NO_STARTS: Mapping[int, "Start"] = MappingProxyType({})

_BELIEVED = 0.5
"""A value less likely right than wrong makes no chart page of a separator sheet."""


@dataclass(slots=True)
class Stack:
    """Pages that belong together, with the separator they came under and exceptions."""

    facts: list[PageFacts] = field(default_factory=list)
    patient_sheet: Separator | None = None
    type_sheet: str = ""
    rescan: str = ""  # number of the request that a rescan slip before these pages names
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Start:
    """A page with which a document begins because the files say so: an index file, with the patient and the kind that it names
    (`whole`: it goes on as far as the next start), or a file of several pages among others."""

    whole: bool = False
    mrn: str = ""
    encounter: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """The stacks of a file, and the pages that are none."""

    stacks: tuple[Stack, ...]
    separators: tuple[int, ...]
    blanks: tuple[int, ...]


def read_facts(page: OcrPage, profile: Profile) -> PageFacts:
    """Everything about one page that splitting and indexing ask for, found once."""
    rows = rows_of(page)
    fields, labels = find_fields_and_labels(page, profile) if page.words or page.barcodes else ((), frozenset())
    fields = (*fields, *(value.on_page(page.number) for value in listed.find(rows, profile)))
    title = find_title(rows)
    form = recognise_form(page, profile.forms) if page.words else None
    if form is not None:
        zones = tuple(read_zones(page, form, profile))
        taken = {zone.field for zone in form.form.zones}
        fields = (
            *zones,
            *(value for value in fields if base_of(value.name) not in taken or value.name in _ALWAYS_HEARD),
        )
        title = Vote(form.form.code, 1.0, 6, f"form {form.form.name}", None)
    elif hit := _rule_of_title(page, rows, profile):
        title = Vote(hit.rule.code, 1.0, 0, hit.words, hit.box)
    patients = numbers_of_patients((value.name, value.value, value.source) for value in fields)
    form_ids = find_form_ids(rows, page.barcodes, patients, profile)
    place = place_of(rows, page.text)
    is_chart = _is_chart(page, fields, title)
    separator, is_doubt = find_separator(page, is_chart=is_chart), is_doubtful(page, is_chart=is_chart)
    return PageFacts(page, rows, fields, title, place, separator, is_doubt, form, form_ids, labels)


def _rule_of_title(page: OcrPage, rows: tuple[Row, ...], profile: Profile) -> Hit | None:
    """The rule of the site that the head of a page fulfils as a title does; none where rules of two kinds do."""
    titles = [rule for rule in profile.rules if rule.where is Where.HEAD and rule.page is not Which.LAST]
    hits = find_hits([(page.number, rows)], titles)
    return hits[0] if len({hit.rule.code for hit in hits}) == 1 else None


def _is_chart(page: OcrPage, fields: tuple[FieldValue, ...], title: Vote | None) -> bool:
    """Whether a page names a patient, or bears the title of a kind and not that of a separator sheet."""
    names_patient = any(f.name in _WHOSE and f.is_valid and f.confidence >= _BELIEVED for f in fields)
    return names_patient or (title is not None and not names_itself(page))


def split_pages(pages: list[OcrPage], profile: Profile, starts: Mapping[int, Start] = NO_STARTS) -> Split:
    """Sort the pages of a file into stacks; blank sides and separator sheets are listed apart. `starts` are told by number."""
    blanks = [page.number for page in pages if page.outcome is PageOutcome.BLANK]
    written = [page for page in pages if page.outcome is not PageOutcome.BLANK]
    sorting = _Sorting(starts)
    for facts in without_dates([read_facts(page, profile) for page in written]):
        if facts.is_doubtful_separator:
            sorting.take_doubtful_sheet(facts)
        elif facts.separator is not None:
            sorting.take_sheet(facts.page.number, facts.separator)
        else:
            sorting.take_page(facts)
    _compare_counts(sorting.stacks, sorting.covers)
    return Split(tuple(_in_page_order(stack) for stack in sorting.stacks), tuple(sorting.sheets), tuple(blanks))


class _Sorting:
    """The pages of a file as they come, one after another: the stacks so far, and what the sheets before the next one say."""

    def __init__(self, starts: Mapping[int, Start]) -> None:
        self.stacks: list[Stack] = []
        self.sheets: list[int] = []  # numbers of the separator sheets
        self.covers: list[
            tuple[int, int]
        ] = []  # of each batch cover the stacks before it, and the pages that it announces
        self._starts, self._told = starts, deque(sorted(starts))
        self._start: Start | None = None
        self._current: Stack | None = None
        self._patient: Separator | None = None
        self._kind = self._rescan = ""
        self._doubts: list[Doubt] = []

    def take_doubtful_sheet(self, facts: PageFacts) -> None:
        """A sheet that could not be read: a person must see this page, and nothing flows past it."""
        self._current, self._patient, self._kind, self._rescan = None, None, "", ""
        self._doubts = [Doubt(DoubtCode.SEPARATOR_UNREADABLE, facts.page.number)]
        self.stacks.append(Stack([facts], doubts=list(self._doubts)))

    def take_sheet(self, number: int, sheet: Separator) -> None:
        """A separator sheet: what it says counts for the pages after it."""
        self.sheets.append(number)
        self._current, self._kind, self._rescan, self._doubts = None, "", "", []
        if sheet.kind == "P":
            self._patient = sheet
        elif sheet.kind == "D":
            self._kind = sheet.values[0]
        else:
            self._patient = None
        if sheet.kind == "R":
            self._rescan = sheet.values[0]
        if sheet.kind == "B":
            self.covers.append((len(self.stacks), _declared_pages(sheet)))

    def take_page(self, facts: PageFacts) -> None:
        """A written page goes to the stack before it, or begins another."""
        self._hear_files(facts.page.number)
        bears_patch = (
            has_patch_code(facts.page) and facts.form is None
        )  # some forms have one in print, and are known anyway
        begins, is_unsure = self._begins(facts, bears_patch=bears_patch)
        if self._current is None or begins:
            self._begin(facts, is_unsure=is_unsure)
        elif is_unsure:
            self._current.doubts.append(Doubt(DoubtCode.MAY_BEGIN, facts.page.number))
        if bears_patch:
            self.stacks[-1].doubts.append(Doubt(DoubtCode.PATCH_CODE, facts.page.number))
        self.stacks[-1].facts.append(facts)

    def _hear_files(self, number: int) -> None:
        """What the files say begins here: a file of several pages among others, or a document of an index file."""
        is_told = False
        while self._told and self._told[0] <= number:  # it may have been a blank side
            self._start, is_told = self._starts[self._told.popleft()], True
        if not is_told or self._start is None:
            return
        self._current, self._doubts = None, []
        if self._start.whole or self._start.mrn or self._start.kind:
            self._patient = Separator("P", (self._start.mrn, self._start.encounter)) if self._start.mrn else None
            self._kind = self._start.kind

    def _begins(self, facts: PageFacts, *, bears_patch: bool) -> tuple[bool, bool]:
        """Whether this page begins a document, and whether that is unsure."""
        if self._current is None:
            return True, False
        begins, is_unsure = _begins(self._current, facts)
        is_whole = self._start is not None and self._start.whole
        if is_whole and not is_other_person(self._current.facts, facts):
            begins, is_unsure = False, begins or is_unsure  # the index file says that it goes on
        if bears_patch and begins_by_patch(facts.page) and (facts.place is None or facts.place[0] == 1):
            begins = True
        return begins, is_unsure

    def _begin(self, facts: PageFacts, *, is_unsure: bool) -> None:
        """Begin a stack under what the sheets and files before this page said."""
        if is_unsure:
            self._doubts = [*self._doubts, Doubt(DoubtCode.MAY_NOT_BEGIN, facts.page.number)]
        earlier = self._current.facts if self._current is not None else ()
        if self._patient is not None and is_other_person(earlier, facts):
            self._doubts = [*self._doubts, Doubt(DoubtCode.SEPARATOR_PATIENT_DIFFERS, facts.page.number)]
        self._current = Stack(
            patient_sheet=self._patient, type_sheet=self._kind, rescan=self._rescan, doubts=self._doubts
        )
        self.stacks.append(self._current)
        if not any(doubt.code is DoubtCode.SEPARATOR_UNREADABLE for doubt in self._doubts):
            self._doubts = []
        self._kind = self._rescan = ""


def _declared_pages(cover: Separator) -> int:
    """The written pages that a batch cover says follow it; 0 when it does not say."""
    said = cover.values[1] if len(cover.values) > 1 else ""
    return read_number(said) or 0


def _compare_counts(stacks: list[Stack], declared: list[tuple[int, int]]) -> None:
    """Tell every document of a batch whose pages are not as many as its cover says; blank sides do not count."""
    ends = [first for first, _ in declared[1:]] + [len(stacks)]
    for (first, count), end in zip(declared, ends, strict=False):
        found = sum(len(stack.facts) for stack in stacks[first:end])
        if count and found != count:
            for stack in stacks[first:end]:
                stack.doubts.append(Doubt(DoubtCode.COVER_COUNT, detail=(str(count), str(found))))


def _begins(stack: Stack, facts: PageFacts) -> tuple[bool, bool]:
    """Whether this page starts a new document after the pages of `stack`, and whether that is unsure."""
    if is_other_person(stack.facts, facts):
        return True, False
    if facts.place and facts.place[1]:
        places = [before.place for before in stack.facts if before.place]
        if facts.place[0] == 1:
            return True, False
        if places and facts.place[1] == places[0][1] and facts.place not in places:
            speaks_against = _TOLD_APART & set(chance_of_begin(stack.facts, facts)[1])
            return False, bool(speaks_against)  # page 3 of 4 with page 2 of 4, in whatever order
    chance, _ = chance_of_begin(stack.facts, facts)
    return chance >= 0.5, UNSURE[0] < chance < UNSURE[1]


def is_other_person(earlier: Sequence[PageFacts], facts: PageFacts) -> bool:
    """Whether this page names somebody else than the pages before: number and name, or a sure one of them."""
    mrn, name, born = facts.person
    for then_mrn, then_name, then_born in dict.fromkeys(before.person for before in earlier):  # hundreds say the same
        if mrn and then_mrn and normal.number(mrn) != normal.number(then_mrn):
            return not (name and then_name and same_name(name, then_name) and born == then_born)
        if name and then_name and not same_name(name, then_name) and not (mrn and mrn == then_mrn):
            return True
        if born and then_born and born != then_born and name and then_name and not same_name(name, then_name):
            return True
    return False


def _in_page_order(stack: Stack) -> Stack:
    """Put right what 'page x of y' says was scanned out of order; tell missing and repeated pages."""
    places = [facts.place if facts.place and facts.place[1] else None for facts in stack.facts]
    numbers = [place[0] for place in places if place]
    of = {place[1] for place in places if place}
    if len(of) > 1:
        stack.doubts.append(Doubt(DoubtCode.PAGE_NUMBERS_DISAGREE))
    if len(of) == 1:
        missing = sorted(set(range(1, max(of) + 1)) - set(numbers))
        if len(missing) > len(places) - len(numbers):  # more than the pages without a number could be
            stack.doubts.append(Doubt(DoubtCode.PAGES_MISSING, detail=tuple(map(str, missing))))
        if len(set(numbers)) < len(numbers):
            stack.doubts.append(Doubt(DoubtCode.PAGES_REPEATED))
        elif numbers != sorted(numbers) and None not in places:
            stack.facts = [facts for _, facts in sorted(zip(numbers, stack.facts, strict=True), key=lambda p: p[0])]
            stack.doubts.append(Doubt(DoubtCode.PAGES_REORDERED))
    return replace(stack)
