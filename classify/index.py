"""Puts it together: the pages of one file become documents with type, fields, patient and doubts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from classify import doctypes, normal
from classify.anchored import union
from classify.anchored.evidence import Anchored, Hint, is_in_head
from classify.anchored.mentions import find_mentions
from classify.anchored.persons import (
    Persons,
    find_persons,
    find_rival,
    find_unreadable_birthday,
    newest_day,
)
from classify.codes.learnedforms import as_evidence
from classify.consistency import against_person, ages_of, disagreements
from classify.doubts import Doubt, DoubtCode
from classify.fields import ranked
from classify.fields.births import UNDECIDED, has_short_year, is_other_century
from classify.fields.facility import is_facility
from classify.fields.find import of_a_list
from classify.finding import confidence
from classify.formkinds import evidence_of_forms, with_forms, with_rules
from classify.gaps import PageFacts
from classify.guess import (
    BARE,
    UNLABELLED,
    Decision,
    DocumentGuess,
    FieldValue,
    FileGuess,
    PatientMatch,
    PersonRecord,
    Roster,
    TypeGuess,
)
from classify.kinds import tell_kind
from classify.matching.decide import match_patient
from classify.matching.query import Query
from classify.mentioned import Kind, Mention, Mentions
from classify.profile import Profile
from classify.rows import Row
from classify.samename import same_name
from classify.sensitivity import labels_of, with_minor
from classify.separators import read_number
from classify.split import NO_STARTS, Stack, Start, read_facts, split_pages
from classify.typerules import find_hits
from classify.wordmodel import WordModel
from ocr.bounds import CUT
from ocr.page import FINE, NoteKind, OcrPage

BELIEVED = 0.5
"""A value less likely right than wrong says nothing about whose document it is; it may be a relative's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as its pages alone tell it, without a patient, and what is asked of the patient list: what labels say, and
    what the pages mention without any."""

    guess: DocumentGuess
    query: Query
    mentions: tuple[Mentions, ...] = ()
    unlabelled: Query = field(default_factory=Query)
    """The same with what stands there without a label: it shows a person whom to choose from, and links nobody."""


@dataclass(frozen=True, slots=True)
class SortedFile:
    """Every page of a file in its place, before the patient list is asked."""

    drafts: tuple[Draft, ...]
    separators: tuple[int, ...] = ()
    blanks: tuple[int, ...] = ()


def index_file(pages: list[OcrPage], roster: Roster, profile: Profile, model: WordModel | None = None) -> FileGuess:
    """Every page of a file in its place: a document, a separator sheet or a blank side."""
    return find_patients(sort_file(pages, profile, model), roster)


def sort_file(
    pages: list[OcrPage],
    profile: Profile,
    model: WordModel | None = None,
    starts: Mapping[int, Start] = NO_STARTS,
) -> SortedFile:
    """The same without the patient list: what a worker can do, which knows no database. `starts` says with which pages the
    files have documents begin."""
    split = split_pages(pages, profile, starts)
    drafts = tuple(_draft(stack, profile, model) for stack in split.stacks)
    return SortedFile(drafts, split.separators, split.blanks)


def find_patients(file: SortedFile, roster: Roster) -> FileGuess:
    """A sorted file with the patient of each document."""
    documents = tuple(_with_patient(draft, roster) for draft in file.drafts)
    return FileGuess(documents, file.separators, file.blanks)


def index_pages(
    pages: list[OcrPage], roster: Roster, profile: Profile, model: WordModel | None = None
) -> DocumentGuess:
    """These pages as one document, for a person said that they are: in this order, blank sides and sheets among them."""
    facts = [read_facts(page, profile) for page in pages]
    return _with_patient(_draft(Stack(facts), profile, model), roster)


def draft_of(pages: list[OcrPage], profile: Profile) -> Draft:
    """The same without patient list and trained model: what the pages say, and mention without a label, of whose they are."""
    return _draft(Stack([read_facts(page, profile) for page in pages]), profile, None)


def kinds_of(pages: list[OcrPage], profile: Profile, model: WordModel | None = None) -> tuple[TypeGuess, ...]:
    """The likeliest kinds of these pages as one document, best first."""
    return _kinds_of(Stack([read_facts(page, profile) for page in pages]), profile, model)


def query_of(fields: tuple[FieldValue, ...], sheet: tuple[str, ...] = (), served: date | None = None) -> Query:
    """The matching query that these fields make; a patient sheet adds its MRN and encounter."""
    best: dict[str, FieldValue] = {}
    for value in sorted(fields, key=lambda f: -f.confidence):
        if value.confidence >= BELIEVED and not value.is_of_another:
            best.setdefault(value.name, value)
    name = normal.split_name(best["name"].value) if "name" in best else None
    family, given, middle, suffix = name or ("", "", "", "")
    numbers = [best[n].value for n in ("encounter", "account") if n in best]
    mrn = best["mrn"].value if "mrn" in best else ""
    if sheet:
        mrn = mrn or sheet[0]
        numbers += [value for value in sheet[1:2] if value]
    born = best.get("dob")
    stated = {
        name: best[name].value if name in best else "" for name in ("sex", "member_id", "phone", "address", "ssn4")
    }
    return Query(
        family=family,
        given=given,
        middle=middle,
        suffix=suffix,
        birth_date=date.fromisoformat(born.value) if born and born.is_valid else None,
        sex=stated["sex"],
        member_id=stated["member_id"],
        phone=stated["phone"],
        address=stated["address"],
        ssn4=stated["ssn4"],
        mrn=mrn,
        encounters=tuple(numbers),
        served=served,
    )


def _draft(stack: Stack, profile: Profile, model: WordModel | None) -> Draft:
    pages = tuple(facts.page.number for facts in stack.facts)
    mentions = tuple(
        m for f in stack.facts for m in find_mentions(f.page, f.rows, f.fields, profile, f.labels, f.form_ids)
    )
    lists = {part.page for part in mentions if part.is_list and part.persons_in_rows >= _LEAST_OF_A_LIST}
    said = (of_a_list(f) if facts.page.number in lists else f for facts in stack.facts for f in facts.fields)
    fields = tuple(sorted(said, key=lambda f: -f.confidence))
    kinds = _kinds_of(stack, profile, model)
    sheet = stack.patient_sheet.values if stack.patient_sheet else ()
    values = weighed(fields)
    ages = tuple(age for facts in stack.facts for age in ages_of(facts.page.number, facts.rows))
    labelled = tuple(value for value in fields if value.source not in UNLABELLED)
    query = query_of(labelled, sheet, _served(values))
    doubts = [
        *stack.doubts,
        *(Doubt(DoubtCode(f.page.outcome), f.page.number) for f in stack.facts if f.page.outcome not in FINE),
        *(Doubt(DoubtCode.CUT, f.page.number) for f in stack.facts if CUT in f.page.weaknesses),
        *_dissent(stack, sheet),
        *_beside_the_picture(stack),
        *_handwriting(stack),
        *disagreements(values, ages),
    ]
    labels = labels_of([(f.page.number, f.rows) for f in stack.facts], kinds[0].code, query.birth_date, query.served)
    unlabelled = query_of(fields, sheet, query.served)
    guess = DocumentGuess(
        pages, kinds[0], values, PatientMatch(Decision.NONE), tuple(dict.fromkeys(doubts)), next(iter(query.encounters), None),
        tuple(kinds[1:]), labels, rescan=read_number(stack.rescan),
        unnamed_pages=tuple(facts.page.number for facts in stack.facts if not _says_whose(facts)),
        query=query, unlabelled=unlabelled, ages=ages, mentions=mentions,
    )  # fmt: skip
    rows = {facts.page.number: facts.rows for facts in stack.facts}
    guess = _doubted(guess, tuple(_coded_beside_print(values, mentions, rows)))
    return Draft(guess, query, mentions, unlabelled)


_LEAST_OF_A_LIST = 4
"""Rows with a patient's name and a number from which a page is believed to be nobody's own, whatever its first row says."""


def _coded_beside_print(
    values: tuple[FieldValue, ...], mentions: tuple[Mentions, ...], rows: dict[int, tuple[Row, ...]]
) -> Iterator[Doubt]:
    """Pages on which a barcode names somebody whose name is not printed there, and somebody else's is: as a patient's name is
    written, or in the head of the page. Labels print the name beside their code; another's label may be stuck on."""
    for value in values:
        if value.name != "name" or value.source != "barcode":
            continue
        for part in (part for part in mentions if part.page == value.page and not part.is_list):
            of_places = () if part.turn else rows[part.page]
            printed = [m for m in part.of(Kind.NAME) if m.box != value.box and not m.is_of_another]
            whole = [
                m for m in printed if sum(word != "," for word in m.words) > 1 and not _is_of_a_place(m, of_places)
            ]
            if any(same_name(value.value, m.text) for m in whole):
                continue
            if any("," in m.words or m.is_subject or is_in_head(m, part) for m in whole):
                yield Doubt(DoubtCode.NAMES_ANOTHER, value.page)


def _is_of_a_place(mention: Mention, rows: tuple[Row, ...]) -> bool:
    """Whether words like a name stand in the name of a hospital: SAINT MARY HOSPITAL."""
    return mention.row < len(rows) and is_facility(rows[mention.row].text)


def _with_patient(draft: Draft, roster: Roster) -> DocumentGuess:
    """A document with its patient. Of a year of birth that may be of two centuries the list decides, if it links one only."""
    ways = _births(draft.guess)
    tried = [_found(_born(draft, way), roster) for way in ways] if len(ways) > 1 else []
    linked = [guess for guess in tried if guess.match.decision == Decision.LINKED]
    return linked[0] if len(linked) == 1 else _found(draft, roster)


def _births(guess: DocumentGuess) -> tuple[date, ...]:
    """The days of birth between which nothing on the pages decides."""
    if not any(doubt.code is DoubtCode.CENTURY_UNCLEAR for doubt in guess.doubts):
        return ()
    days = (value.value for value in guess.fields if value.name == "dob" and has_short_year(value.raw))
    return tuple(date.fromisoformat(day) for day in dict.fromkeys(days))


def _born(draft: Draft, day: date) -> Draft:
    """The document as it is when the patient was born that day."""
    fields = tuple(v for v in draft.guess.fields if v.name != "dob" or v.value == day.isoformat())
    doubts = tuple(doubt for doubt in draft.guess.doubts if doubt.code is not DoubtCode.CENTURY_UNCLEAR)
    query = replace(draft.query, birth_date=day)
    return replace(draft, guess=replace(draft.guess, fields=fields, doubts=doubts), query=query)


def _found(draft: Draft, roster: Roster) -> DocumentGuess:
    """A document with its patient: by its labels, and by what it mentions of one person of the patient list."""
    persons = find_persons(draft.mentions, roster)
    doubts = tuple(_doubts_about(persons, draft))
    if doubts or not persons.anchored:
        match, more = _with_hints(persons.hinted, draft.query, match_patient(draft.query, roster), roster)
        return _decided(_doubted(draft.guess, (*doubts, *more)), _shown(match, draft, roster))
    return _with_anchor(draft, persons.anchored[0], roster)


def _with_hints(
    hints: tuple[Hint, ...], query: Query, match: PatientMatch, roster: Roster
) -> tuple[PatientMatch, tuple[Doubt, ...]]:
    """The decision by labels, where birthday and number of somebody stand on the pages without a readable name: whom else
    that is than the one linked makes a question, and where nobody fits, a person is shown who."""
    if match.decision == Decision.LINKED:
        others = [hint for hint in hints if hint.person.id != match.candidates[0].person.id]
        return match, tuple(Doubt(DoubtCode.TWO_PATIENTS, hint.page) for hint in others[:1])
    if match.decision == Decision.NONE and len(hints) == 1:
        shown = match_patient(union.with_hint(query, hints[0]), roster)
        if shown.candidates:
            return replace(shown, decision=Decision.ASK), ()
    return match, ()


def _shown(match: PatientMatch, draft: Draft, roster: Roster) -> PatientMatch:
    """Where labels fit nobody, those whom the rest of the page fits, to be chosen by a person."""
    if match.decision != Decision.NONE or draft.unlabelled == draft.query:
        return match
    shown = match_patient(draft.unlabelled, roster)
    is_somebody = shown.decision != Decision.NONE
    return PatientMatch(Decision.ASK, shown.candidates, (_BY_LABELS_NOBODY,)) if is_somebody else match


_BY_LABELS_NOBODY = "no label says whose this is; compare the page"


def _doubts_about(persons: Persons, draft: Draft) -> Iterator[Doubt]:
    """What is said of two persons makes a question: two of the list, or one of the list and another by labels."""
    first = persons.anchored[0].person if persons.anchored else None
    others = [(anchored.person, min(anchored.pages)) for anchored in persons.anchored]
    others += [(hint.person, hint.page) for hint in persons.hinted]
    pages = [page for person, page in others if first is None or not _is_entered_twice(person, first)]
    if first is not None and pages:
        yield Doubt(DoubtCode.TWO_PATIENTS, max(pages))
    for anchored in persons.anchored[:1]:
        yield from union.contradictions(anchored, draft.query, draft.guess.fields)


def _is_entered_twice(one: PersonRecord, other: PersonRecord) -> bool:
    """Whether two entries of the list may be one person's: the guards ask about these (a near-twin) until they are merged."""
    names = [
        (normal.letters(person.family), normal.letters(person.given), person.birth_date) for person in (one, other)
    ]
    return one.id == other.id or (names[0] == names[1] and one.birth_date is not None)


def _with_anchor(draft: Draft, anchored: Anchored, roster: Roster) -> DocumentGuess:
    """A document on which one person of the list stands: the values become fields, and the guards decide as ever."""
    guess = draft.guess
    doubts = tuple(_doubts_beside(anchored, draft))
    if doubts:
        match = match_patient(draft.query, roster)
        if match.decision == Decision.LINKED:
            return _decided(guess, match)
        guess = _doubted(guess, doubts)
    query = union.fill(draft.query, anchored, newest_day(draft.mentions))
    match = match_patient(query, roster)
    if not doubts:
        guess = replace(
            guess,
            fields=union.with_values(guess.fields, anchored, BELIEVED),
            encounter=guess.encounter or next(iter(query.encounters), None),
            labels=with_minor(guess.labels, query.birth_date, query.served),
            unnamed_pages=tuple(page for page in guess.unnamed_pages if page not in anchored.pages),
        )
    return _decided(guess, match)


def _doubts_beside(anchored: Anchored, draft: Draft) -> Iterator[Doubt]:
    """What speaks against taking the values of the list: another name that nothing explains, a date that cannot be read."""
    if (page := find_rival(anchored, draft.mentions)) is not None:
        yield Doubt(DoubtCode.NAMES_ANOTHER, page)
    if not draft.query.birth_date and (page := find_unreadable_birthday(anchored)) is not None:
        yield Doubt(DoubtCode.BIRTHDAY_UNREADABLE, page)


def _doubted(guess: DocumentGuess, doubts: tuple[Doubt, ...]) -> DocumentGuess:
    return replace(guess, doubts=tuple(dict.fromkeys((*guess.doubts, *doubts))))


def _decided(guess: DocumentGuess, match: PatientMatch) -> DocumentGuess:
    """A document with the decision about its patient; one of which anything is doubtful is linked by a person."""
    if match.decision == Decision.LINKED:
        guess = _doubted(guess, tuple(against_person(guess.fields, guess.ages, match.candidates[0].person)))
    doubts = [doubt for doubt in guess.doubts if not doubt.is_a_note]
    if match.decision == Decision.LINKED and doubts:
        match = PatientMatch(Decision.ASK, match.candidates, tuple(doubt.sentence for doubt in doubts))
    return replace(guess, match=match)


def _beside_the_picture(stack: Stack) -> Iterator[Doubt]:
    """Pages with notes or stamps, and with form fields whose box does not show all of their value."""
    for facts in stack.facts:
        notes = facts.page.notes
        if any(note.kind is not NoteKind.FIELD for note in notes):
            yield Doubt(DoubtCode.HAS_NOTES, facts.page.number)
        if any(note.kind is NoteKind.FIELD and not note.is_shown for note in notes):
            yield Doubt(DoubtCode.FIELD_NOT_SHOWN, facts.page.number)


def _handwriting(stack: Stack) -> Iterator[Doubt]:
    """Pages with handwriting, of which what was read is a proposal and the rest was not read."""
    for facts in stack.facts:
        if facts.page.has_handwriting:
            yield Doubt(DoubtCode.HANDWRITING, facts.page.number)


def _says_whose(facts: PageFacts) -> bool:
    """Whether a page names the patient or the visit, or says which page of how many it is."""
    return bool(facts.place and facts.place[1]) or any(facts.sure(name) for name in ("mrn", "name", "dob", "encounter"))


def _served(values: tuple[FieldValue, ...]) -> date | None:
    """The day of the service, or of the stay, as far as a page says it."""
    by_name = {value.name: value.value for value in reversed(values) if value.is_valid}
    said = next((by_name[n] for n in ("service_date", "discharge_date", "admit_date") if n in by_name), None)
    return date.fromisoformat(said) if said else None


def _kinds_of(stack: Stack, profile: Profile, model: WordModel | None) -> tuple[TypeGuess, ...]:
    """The likeliest kinds, by sheet or taught form, else by words, form numbers and the site's rules (classify/formkinds.py).

    Of the words the first page says it; the whole document is asked where that page is not sure,
    and always where there is a model: continuation pages say little by their titles and much by their words."""
    if stack.type_sheet:
        try:
            return (TypeGuess(doctypes.by_code(stack.type_sheet).code, 0.999, "separator sheet", is_sure=True),)
        except KeyError:
            stack.doubts.append(Doubt(DoubtCode.SEPARATOR_TYPE_UNKNOWN))
    first = stack.facts[0]
    if first.form is not None:
        form = first.form.form
        return (TypeGuess(form.code, 0.99, f"form {form.name}", first.page.number, is_sure=True),)
    guesses = _by_words(stack, profile, model)
    forms = [(facts.page.number, facts.form_ids) for facts in stack.facts]
    learned = as_evidence(model.forms) if model is not None else {}
    guesses = with_forms(guesses, evidence_of_forms(forms, profile, learned), profile.sure_type)
    return with_rules(guesses, find_hits([(facts.page.number, facts.rows) for facts in stack.facts], profile.rules))


def _by_words(stack: Stack, profile: Profile, model: WordModel | None) -> tuple[TypeGuess, ...]:
    first = stack.facts[0]
    rows: tuple[Row, ...] = tuple(row for facts in stack.facts[:3] for row in facts.rows)
    if model is not None:
        return tell_kind(rows, profile, model, first.page.number)
    guesses = tell_kind(first.rows, profile, None, first.page.number)
    if not guesses[0].is_sure and len(stack.facts) > 1:
        together = tell_kind(rows, profile, None, first.page.number)
        if together[0].confidence > guesses[0].confidence:
            return together
    return guesses


def _dissent(stack: Stack, sheet: tuple[str, ...]) -> Iterator[Doubt]:
    """Identity is read on every page; a page that names someone else stops the document.

    Every number and birthday counts, however badly read, that is not known as a relative's: a doubtful contradiction is a
    reason to ask.
    Of names and sexes those count that are believed to be the patient's, for forms name relatives and guarantors too.
    """
    said: dict[str, str] = {"mrn": sheet[0]} if sheet and sheet[0] else {}
    for facts in stack.facts:
        for name in ("mrn", "dob", "encounter", "sex"):
            for value in facts.fields:
                if value.name == name and _counts(value):
                    first = said.setdefault(name, value.value)
                    if normal.number(first) != normal.number(value.value) and not is_other_century(first, value):
                        yield Doubt(DoubtCode.OTHER_VALUE, facts.page.number, (name,))
        for value in facts.fields:
            is_name = value.name == "name" and value.is_valid and value.confidence >= BELIEVED
            if is_name and not value.is_of_another and not same_name(said.setdefault("name", value.value), value.value):
                yield Doubt(DoubtCode.OTHER_VALUE, facts.page.number, ("name",))


def _counts(value: FieldValue) -> bool:
    """Whether a number, birthday or sex is compared with those of other places."""
    if not value.is_valid or value.is_of_another:
        return False
    if value.source in UNLABELLED:
        return value.name == "mrn" and value.confidence >= BELIEVED
    return value.name != "sex" or value.confidence >= BELIEVED


def weighed(fields: tuple[FieldValue, ...]) -> tuple[FieldValue, ...]:
    """The values of a document, each as sure as all of its pages make it; one each, best first, at most three a field.

    A value that several places say is surer, one that another place contradicts is less so. What is printed in one of its
    places is no handwritten value. Several diagnoses are all true: each has a name of its own (classify/fields/ranked.py).
    """
    by_name: dict[str, dict[str, list[FieldValue]]] = {}
    said = {value.name for value in fields if value.source != BARE}
    for value in ranked.settle(fields):
        if value.source == BARE and value.name in said:  # a form number or a lot contradicts no MRN
            continue
        by_name.setdefault(value.name, {}).setdefault(value.value, []).append(value)
    kept = []
    for values in by_name.values():
        best = [max(same, key=lambda f: f.confidence) for same in values.values()]
        first, second = (*sorted((value.confidence for value in best), reverse=True)[:2], 0.0)[:2]
        weighed = []
        for value in best:
            agrees = len(values[value.value]) - 1
            differs = second if value.confidence == first else first
            if value.name == ranked.RANKED:  # what is less likely right than wrong beside them
                differs = 0.0
            sure = value.confidence
            is_open = value.name == "dob" and value.confidence == UNDECIDED and has_short_year(value.raw)
            if not is_open and value.source not in ("barcode", "separator sheet"):
                sure = confidence.with_others(value.confidence, agrees, differs)
            by_hand = all(same.is_handwritten for same in values[value.value])
            weighed.append(replace(value, confidence=confidence.as_read(sure, by_hand=by_hand), is_handwritten=by_hand))
        kept += sorted(weighed, key=lambda f: -f.confidence)[:3]
    return tuple(kept)
