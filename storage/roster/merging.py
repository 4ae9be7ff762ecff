"""Two rows that are one human being, and two human beings who were taken for one.

Nothing is deleted and nothing is decided for good: a merged row points to its survivor, what moved is kept, and every
document that changed hands waits for a person to confirm its patient.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlmodel import Session, col, or_, select

from classify.demographics import DATES, FIELDS
from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.clock import utc_now
from storage.foundation.errors import StateRefused
from storage.foundation.permissions import Action, Actor, check_can
from storage.foundation.tables.documents import Document
from storage.foundation.tables.roster import Encounter, Person, PersonMerge, PersonNumber
from storage.foundation.typed import typed_reason
from storage.roster import doubts, keying, questions
from storage.roster.doubts import MergeDoubted, find_difference
from storage.roster.messages import Loaded, Merge, MergeDoubt, Number, Unmerge, VisitMove
from storage.roster.registering import RosterUpdate, UpdateRefused, shown_number
from storage.roster.rows import read_records

_Row = TypeVar("_Row", Document, Encounter)


def merge(session: Session, said: Merge, actor: Actor, loaded: Loaded) -> None:
    """Make the losers' numbers numbers of the survivor; the same again changes nothing.

    Raises MergeDoubted when names and birthdays speak against it: then a person decides, and nothing is merged.
    """
    if not said.losers:
        raise UpdateRefused("it names no number that is merged (MRG-1)")
    if said.is_renaming:
        _rename(session, said, actor, loaded)
        return
    own = tuple(number for number in said.survivor.numbers if number not in said.losers) or said.survivor.numbers
    is_known = any(session.get(PersonNumber, (n.authority, n.value)) for n in own)
    survivor = RosterUpdate(session, actor, loaded).person_of(replace(said.survivor, numbers=own))
    for number in said.losers:
        row = session.get(PersonNumber, (number.authority, number.value))
        if row is None:
            _add_number(session, survivor, number, actor)
            continue
        loser = root_of(session, row.person_id)
        if loser.id != survivor.id:
            _check_alike(loser, survivor, said.source, is_known=is_known)
            merge_people(session, loser, survivor, said.source, actor, loaded)


def merge_doubted(session: Session, doubt_id: int, reason: str, actor: Actor) -> int:
    """These two are one person after all: the merge is made by hand. Gives how many documents wait for confirmation."""
    check_can(actor, Action.OVERRIDE)
    doubt = doubts.find_open(session, doubt_id, "merge", actor)
    if doubt.survivor is None:
        raise StateRefused("There is no such merge to review, or it was decided already.")
    reason = typed_reason(reason, "how you know that they are one person")
    loaded = Loaded()
    try:
        merge_people(session, doubt.loser, doubt.survivor, f"by hand: {reason}", actor, loaded)
    except UpdateRefused as problem:
        raise StateRefused(f"Not merged: {problem}.") from problem
    return loaded.questions


def _check_alike(loser: Person, survivor: Person, source: str, *, is_known: bool) -> None:
    """Two people who do not look like one are left to a person; `is_known`: the survivor was on the list before."""
    if differs := find_difference(loser, survivor):
        raise MergeDoubted(MergeDoubt(loser.id, survivor.id if is_known else None, differs, source))


def _rename(session: Session, said: Merge, actor: Actor, loaded: Loaded) -> None:
    """A number was changed (A47): who had the old one has the new one, and is the same person."""
    new, *_ = said.survivor.numbers or (None,)
    known = [session.get(PersonNumber, (n.authority, n.value)) for n in said.losers]
    if new is None or session.get(PersonNumber, (new.authority, new.value)) is not None or not any(known):
        merge(session, replace(said, is_renaming=False), actor, loaded)
    else:
        old = next(row for row in known if row is not None)
        numbers = (Number(old.value, old.authority), new)
        person = RosterUpdate(session, actor, loaded).person_of(replace(said.survivor, numbers=numbers))
        person.mrn = shown_number(new)
        session.add(person)
        _rekeyed(session, [person], [])
    for row in known:
        if row is not None:
            row.is_current = False
            session.add(row)


def merge_people(
    session: Session, loser: Person, survivor: Person, source: str, actor: Actor, loaded: Loaded
) -> PersonMerge:
    """Join two persons; visits and documents follow the survivor, and the documents wait for confirmation."""
    if loser.id == survivor.id:
        raise UpdateRefused("both numbers are the same patient already")
    if loser.survivor_id is not None or survivor.survivor_id is not None:
        raise UpdateRefused("one of the two was merged into another patient already")
    _unkeyed(session, [loser, survivor])
    visits = session.exec(select(Encounter).where(Encounter.person_id == loser.id)).all()
    documents = session.exec(select(Document).where(Document.person_id == loser.id)).all()
    joined = PersonMerge(
        loser_id=loser.id,
        survivor_id=survivor.id,
        source=source,
        documents=[d.id for d in documents],
        encounters=[v.id for v in visits],
        taken=_take_over(survivor, loser),
    )
    session.add(joined)
    loser.survivor_id = survivor.id
    session.add(loser)
    session.add(survivor)
    _move_visits(session, visits, survivor)
    audit.record(
        session, actor, AuditAction.MERGE_PERSON, f"person:{loser.id}", into=survivor.id, source=_source(source)
    )
    for document in documents:
        questions.move_document(
            session, document, survivor, actor, f"MRN {loser.mrn} was merged into MRN {survivor.mrn}"
        )
    _rekeyed(session, [survivor], [loser])
    loaded.merged += 1
    loaded.questions += len(documents)
    return joined


def unmerge(session: Session, said: Unmerge, actor: Actor, loaded: Loaded) -> None:
    """Undo the merge of two numbers: each is a person of its own again, with the visits it had."""
    rows = [session.get(PersonNumber, (n.authority, n.value)) for n in (said.one, said.other)]
    if rows[0] is None or rows[1] is None:
        raise UpdateRefused("one of its two numbers is on no patient of the list")
    ids = {rows[0].person_id, rows[1].person_id}
    joined = session.exec(
        select(PersonMerge).where(
            col(PersonMerge.undone_at).is_(None),
            col(PersonMerge.loser_id).in_(ids),
            col(PersonMerge.survivor_id).in_(ids),
        )
    ).first()
    if joined is None:
        raise UpdateRefused("its two numbers were not merged here")
    unmerge_people(session, joined, said.source, actor, loaded)


def unmerge_people(session: Session, joined: PersonMerge, source: str, actor: Actor, loaded: Loaded) -> None:
    """Make the merged row a person again; its documents go back to it, later ones of the survivor are asked about."""
    loser = session.get_one(Person, joined.loser_id)
    survivor = root_of(session, joined.survivor_id)
    _unkeyed(session, [survivor])
    joined.undone_at = utc_now()
    loser.survivor_id = None
    session.add(joined)
    session.add(loser)
    for row in _path(session, joined.survivor_id):
        _give_back(row, joined.taken)
        session.add(row)
    later_merges = [m for m in _merges_along(session, joined.survivor_id) if m.id != joined.id]
    for other in later_merges:  # what was the loser's is not carried along when those are undone
        other.documents = [d for d in other.documents if d not in joined.documents]
        other.encounters = [e for e in other.encounters if e not in joined.encounters]
        session.add(other)
    visits = [v for v in _rows(session, Encounter, joined.encounters) if v.person_id == survivor.id]
    _move_visits(session, visits, loser)
    audit.record(
        session, actor, AuditAction.UNMERGE_PERSON, f"person:{loser.id}", outof=survivor.id, source=_source(source)
    )
    back = [d for d in _rows(session, Document, joined.documents) if d.person_id == survivor.id]
    for document in back:
        questions.close_all(session, document, "undo", actor)
        questions.move_document(
            session, document, loser, actor, f"MRN {loser.mrn} was unlinked from MRN {survivor.mrn}"
        )
    since = select(Document).where(
        Document.person_id == survivor.id,
        or_(col(Document.updated_at) >= joined.merged_at, col(Document.created_at) >= joined.merged_at),
    )
    later = [d for d in session.exec(since) if d.id not in joined.documents]
    for document in later:
        why = f"it came while MRN {loser.mrn} was merged into MRN {survivor.mrn}, which was undone"
        questions.ask(session, document, why, before=survivor, proposed=None)
    _rekeyed(session, [loser, survivor], [])
    loaded.merged += 1
    loaded.questions += len(back) + len(later)


def move_visit(session: Session, said: VisitMove, actor: Actor, loaded: Loaded) -> None:
    """Give visits to the person they belong to; their documents stay where they are and are asked about."""
    person = RosterUpdate(session, actor, loaded).person_of(said.person)
    wanted = [col(Encounter.number).in_(said.visits)] if said.visits else [col(Encounter.account).in_(said.accounts)]
    visits = session.exec(select(Encounter).where(*wanted)).all()
    if not visits:
        raise UpdateRefused("its visit is not on the list")
    owners = {visit.person_id for visit in visits} - {person.id}
    said_before = {
        root_of(session, row.person_id).id
        for n in said.before
        if (row := session.get(PersonNumber, (n.authority, n.value)))
    }
    if said_before and owners - said_before:
        raise UpdateRefused("its visit is not of the patient it is moved from")
    if len(owners) > 1:
        raise UpdateRefused("its account is of more than one patient; name the visit (MRG-5)")
    theirs = [visit for visit in visits if visit.person_id != person.id]
    touched = [session.get_one(Person, owner) for owner in owners]
    _unkeyed(session, [*touched, person])
    for visit in theirs:
        before = session.get_one(Person, visit.person_id)
        for document in session.exec(select(Document).where(Document.encounter_id == visit.id)):
            if document.person_id not in (None, person.id):
                why = f"visit {visit.number} was moved from MRN {before.mrn} to MRN {person.mrn}"
                questions.ask(session, document, why, before=before, proposed=person)
                loaded.questions += 1
        audit.record(
            session, actor, AuditAction.MOVE_VISIT, f"encounter:{visit.id}", before=before.id, person=person.id
        )
        loaded.moved += 1
    _move_visits(session, theirs, person)
    _rekeyed(session, [*touched, person], [])


def root_of(session: Session, person_id: int) -> Person:
    """The person that a row stands for now: itself, or who it was merged into."""
    person = session.get_one(Person, person_id)
    while person.survivor_id is not None:
        person = session.get_one(Person, person.survivor_id)
    return person


def _path(session: Session, person_id: int) -> list[Person]:
    """A row and all rows that it was merged into, one after another."""
    path = [session.get_one(Person, person_id)]
    while path[-1].survivor_id is not None:
        path.append(session.get_one(Person, path[-1].survivor_id))
    return path


def _merges_along(session: Session, person_id: int) -> list[PersonMerge]:
    losers = [person.id for person in _path(session, person_id)]
    return list(
        session.exec(
            select(PersonMerge).where(col(PersonMerge.loser_id).in_(losers), col(PersonMerge.undone_at).is_(None))
        )
    )


def _add_number(session: Session, survivor: Person, number: Number, actor: Actor) -> None:
    """A number that nobody has is from now on one of the survivor's."""
    session.add(PersonNumber(authority=number.authority, value=number.value, person_id=survivor.id, is_current=False))
    session.flush()
    audit.record(session, actor, AuditAction.UPDATE_PERSON, f"person:{survivor.id}", fields=["numbers"])
    _rekeyed(session, [survivor], [])


_FILLED = tuple(name for name in FIELDS if name not in ("family", "given"))
_FORMER = ("address", "postcode", "phone", "member_id")


def _take_over(survivor: Person, loser: Person) -> list[dict[str, str]]:
    """The survivor fills its gaps from the loser and is found by all that found the loser; gives what was taken."""
    taken: list[dict[str, str]] = []
    for name in [{"kind": "merged", "family": loser.family, "given": loser.given}, *loser.names]:
        if name not in survivor.names:
            survivor.names = [*survivor.names, name]
            taken.append({"taken": "name", **name})
    former = [*loser.former, *({"what": w, "value": getattr(loser, w)} for w in _FORMER if getattr(loser, w))]
    for field in _FILLED:
        value = getattr(loser, field)
        if value and not getattr(survivor, field):
            setattr(survivor, field, value)
            taken.append({"taken": "field", "what": field, "value": str(value)})
    for entry in former:
        if entry not in survivor.former and entry["value"] != str(getattr(survivor, entry["what"]) or ""):
            survivor.former = [*survivor.former, entry]
            taken.append({"taken": "former", **entry})
    return taken


def _give_back(survivor: Person, taken: Sequence[dict[str, str]]) -> None:
    """What a survivor took over in a merge is its own no more."""
    for entry in taken:
        kept = {name: value for name, value in entry.items() if name != "taken"}
        if entry["taken"] == "name":
            survivor.names = [name for name in survivor.names if name != kept]
        elif entry["taken"] == "former":
            survivor.former = [former for former in survivor.former if former != kept]
        elif str(getattr(survivor, entry["what"]) or "") == entry["value"]:
            setattr(survivor, entry["what"], None if entry["what"] in DATES else "")


def _source(source: str) -> str:
    """Where a merge came from, for the log: what a person typed as reason stays out of it."""
    return source.partition(":")[0]


def _move_visits(session: Session, visits: Iterable[Encounter], person: Person) -> None:
    for visit in visits:
        visit.person_id = person.id
        session.add(visit)
    session.flush()


def _unkeyed(session: Session, people: Iterable[Person]) -> None:
    """Take out the keys of people who are about to change."""
    records = read_records(session, [person.id for person in people])
    keying.drop_keys(session, ((key, record.id) for record in records for key in keying.hashed_keys(record)))


def _rekeyed(session: Session, people: Iterable[Person], gone: Iterable[Person]) -> None:
    """Numbers, keys and search words of people as they are now; those who are gone are found no more."""
    session.flush()
    alive = list(people)
    for person in alive:
        person.other_mrns = [number for number in _numbers_of(session, person) if number != person.mrn]
        session.add(person)
    session.flush()
    records = read_records(session, [person.id for person in alive])
    keying.write_keys(session, ((key, record.id) for record in records for key in keying.hashed_keys(record)))
    keying.write_words(session, records)
    keying.forget_words(session, [person.id for person in gone])


def _numbers_of(session: Session, person: Person) -> list[str]:
    """Every number of a person and of all rows that were merged into it."""
    ids, found = [person.id], [person.id]
    while found:
        found = list(session.exec(select(Person.id).where(col(Person.survivor_id).in_(found))))
        ids += found
    rows = session.exec(
        select(PersonNumber)
        .where(col(PersonNumber.person_id).in_(ids))
        .order_by(col(PersonNumber.person_id), col(PersonNumber.value))
    )
    return [shown_number(Number(row.value, row.authority)) for row in rows]


def _rows(session: Session, table: type[_Row], ids: Sequence[int]) -> list[_Row]:
    return list(session.exec(select(table).where(col(table.id).in_(ids))))
