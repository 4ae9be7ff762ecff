"""Two rows that are one human being, and two human beings who were taken for one.

Nothing is deleted and nothing is decided for good: a merged row points to its survivor, what moved is kept, and every
document that changed hands waits for a person to confirm its patient.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlmodel import Session, col, or_, select

from storage import audit
from storage.permissions import Actor
from storage.roster import keying, questions
from storage.roster.entering import Entering, Refused, shown_number
from storage.roster.records import read_records
from storage.roster.said import Loaded, Merge, Number, Unmerge, VisitMove
from storage.tables import Document, Encounter, Person, PersonMerge, PersonNumber, utc_now

_Row = TypeVar("_Row", Document, Encounter)


def merge(session: Session, said: Merge, actor: Actor, loaded: Loaded) -> None:
    """Make the losers' numbers numbers of the survivor; the same again changes nothing."""
    if not said.losers:
        raise Refused("it names no number that is merged (MRG-1)")
    survivor = Entering(session, actor, loaded).person_of(said.survivor)
    for number in said.losers:
        row = session.get(PersonNumber, (number.authority, number.value))
        if row is None:
            _add_alias(session, survivor, number, actor)
            continue
        loser = root_of(session, row.person_id)
        if loser.id == survivor.id:
            if said.is_renaming:
                row.is_current = False
                session.add(row)
            continue
        merge_people(session, loser, survivor, said.source, actor, loaded)


def merge_people(
    session: Session, loser: Person, survivor: Person, source: str, actor: Actor, loaded: Loaded
) -> PersonMerge:
    """Join two persons; visits and documents follow the survivor, and the documents wait for confirmation."""
    assert loser.id is not None
    assert survivor.id is not None
    if loser.id == survivor.id:
        raise Refused("both numbers are the same patient already")
    if loser.survivor_id is not None or survivor.survivor_id is not None:
        raise Refused("one of the two was merged into another patient already")
    old = read_records(session, [loser.id, survivor.id])
    keying.drop_keys(session, ((key, record.id) for record in old for key in keying.hashed_keys(record)))
    visits = session.exec(select(Encounter).where(Encounter.person_id == loser.id)).all()
    documents = session.exec(select(Document).where(Document.person_id == loser.id)).all()
    joined = PersonMerge(
        loser_id=loser.id,
        survivor_id=survivor.id,
        source=source,
        documents=[d.id for d in documents if d.id],
        encounters=[v.id for v in visits if v.id],
    )
    session.add(joined)
    loser.survivor_id = survivor.id
    _take_names(survivor, loser)
    session.add(loser)
    session.add(survivor)
    _move_visits(session, visits, survivor)
    audit.record(session, actor, "merge_person", f"person:{loser.id}", into=survivor.id, source=source)
    for document in documents:
        questions.move_document(
            session, document, survivor, actor, f"MRN {loser.mrn} was merged into MRN {survivor.mrn}"
        )
    _key(session, [survivor.id], gone=[loser.id])
    loaded.merged += 1
    loaded.questions += len(documents)
    return joined


def unmerge(session: Session, said: Unmerge, actor: Actor, loaded: Loaded) -> None:
    """Undo the merge of two numbers: each is a person of its own again, with the visits it had."""
    rows = [session.get(PersonNumber, (n.authority, n.value)) for n in (said.one, said.other)]
    if rows[0] is None or rows[1] is None:
        raise Refused("one of its two numbers is on no patient of the list")
    ids = {rows[0].person_id, rows[1].person_id}
    joined = session.exec(
        select(PersonMerge).where(
            col(PersonMerge.undone_at).is_(None),
            col(PersonMerge.loser_id).in_(ids),
            col(PersonMerge.survivor_id).in_(ids),
        )
    ).first()
    if joined is None:
        raise Refused("its two numbers were not merged here")
    unmerge_people(session, joined, said.source, actor, loaded)


def unmerge_people(session: Session, joined: PersonMerge, source: str, actor: Actor, loaded: Loaded) -> None:
    """Make the merged row a person again; its documents go back to it, later ones of the survivor are asked about."""
    loser = session.get_one(Person, joined.loser_id)
    survivor = root_of(session, joined.survivor_id)
    assert loser.id is not None
    assert survivor.id is not None
    old = read_records(session, [survivor.id])
    keying.drop_keys(session, ((key, record.id) for record in old for key in keying.hashed_keys(record)))
    joined.undone_at = utc_now()
    loser.survivor_id = None
    theirs = {loser.mrn, *loser.other_mrns}
    survivor.other_mrns = [mrn for mrn in survivor.other_mrns if mrn not in theirs]
    survivor.names = [name for name in survivor.names if name not in _names_of(loser)]
    for row in (joined, loser, survivor):
        session.add(row)
    visits = [v for v in _rows(session, Encounter, joined.encounters) if v.person_id == survivor.id]
    _move_visits(session, visits, loser)
    audit.record(session, actor, "unmerge_person", f"person:{loser.id}", outof=survivor.id, source=source)
    back = [d for d in _rows(session, Document, joined.documents) if d.person_id == survivor.id]
    for document in back:
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
    _key(session, [loser.id, survivor.id])
    loaded.merged += 1
    loaded.questions += len(back) + len(later)


def move_visit(session: Session, said: VisitMove, actor: Actor, loaded: Loaded) -> None:
    """Give visits to the person they belong to; their documents stay where they are and are asked about."""
    person = Entering(session, actor, loaded).person_of(said.person)
    assert person.id is not None
    wanted = [col(Encounter.number).in_(said.visits)] if said.visits else [col(Encounter.account).in_(said.accounts)]
    visits = session.exec(select(Encounter).where(*wanted)).all()
    if not visits:
        raise Refused("its visit is not on the list")
    theirs = [visit for visit in visits if visit.person_id != person.id]
    touched = {visit.person_id for visit in theirs} | {person.id}
    old = read_records(session, sorted(touched))
    keying.drop_keys(session, ((key, record.id) for record in old for key in keying.hashed_keys(record)))
    for visit in theirs:
        before = session.get_one(Person, visit.person_id)
        for document in session.exec(select(Document).where(Document.encounter_id == visit.id)):
            if document.person_id not in (None, person.id):
                why = f"visit {visit.number} was moved from MRN {before.mrn} to MRN {person.mrn}"
                questions.ask(session, document, why, before=before, proposed=person)
                loaded.questions += 1
        audit.record(session, actor, "move_visit", f"encounter:{visit.id}", before=before.id, person=person.id)
        loaded.moved += 1
    _move_visits(session, theirs, person)
    _key(session, sorted(touched))


def root_of(session: Session, person_id: int) -> Person:
    """The person that a row stands for now: itself, or who it was merged into."""
    person = session.get_one(Person, person_id)
    while person.survivor_id is not None:
        person = session.get_one(Person, person.survivor_id)
    return person


def _add_alias(session: Session, survivor: Person, number: Number, actor: Actor) -> None:
    assert survivor.id is not None
    session.add(PersonNumber(authority=number.authority, value=number.value, person_id=survivor.id, is_current=False))
    survivor.other_mrns = [*survivor.other_mrns, shown_number(number)]
    session.add(survivor)
    session.flush()
    audit.record(session, actor, "update_person", f"person:{survivor.id}", fields=["numbers"])
    _key(session, [survivor.id])


def _take_names(survivor: Person, loser: Person) -> None:
    """The loser's numbers and names find the survivor from now on."""
    own = {survivor.mrn, *survivor.other_mrns}
    survivor.other_mrns = [*survivor.other_mrns, *(m for m in (loser.mrn, *loser.other_mrns) if m not in own)]
    survivor.names = [*survivor.names, *(name for name in _names_of(loser) if name not in survivor.names)]


def _names_of(person: Person) -> list[dict[str, str]]:
    return [{"kind": "merged", "family": person.family, "given": person.given}, *person.names]


def _move_visits(session: Session, visits: Iterable[Encounter], person: Person) -> None:
    for visit in visits:
        assert person.id is not None
        visit.person_id = person.id
        session.add(visit)
    session.flush()


def _key(session: Session, ids: Sequence[int], gone: Sequence[int] = ()) -> None:
    session.flush()
    records = read_records(session, ids)
    keying.write_keys(session, ((key, record.id) for record in records for key in keying.hashed_keys(record)))
    keying.write_words(session, records)
    keying.forget_words(session, gone)


def _rows(session: Session, table: type[_Row], ids: Sequence[int]) -> list[_Row]:
    return list(session.exec(select(table).where(col(table.id).in_(ids))))
