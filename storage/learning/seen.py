"""What people looked at: the cursor stopped there, they chose or typed it, or somebody keyed or inspected it again.

A value that nobody looked at is unseen, and says nothing about the machine: a technician who approves with one key has not
said that each hidden value is right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from classify.fields.table import IDENTITY
from classify.guess import Decision
from storage.foundation.states import ItemKind
from storage.foundation.tables.documents import Document, FieldRow
from storage.foundation.tables.quality import QualityItem

_INSPECTED = (ItemKind.SAMPLE, ItemKind.INSPECTION)
"""Second looks at a whole document; with double keying only what is keyed was looked at."""

_IDENTIFIERS = 2  # that were looked at say whose it is (Joint Commission NPSG.01.01.01: two identifiers)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What somebody else looked at, and what they found wrong in a filed document, whose rows keep the wrong value."""

    names: frozenset[str] = frozenset()
    is_whole: bool = False
    errors: frozenset[str] = frozenset()

    def saw(self, name: str) -> bool:
        return self.is_whole or name in self.names


@dataclass(frozen=True, slots=True)
class Seen:
    """What of one document somebody looked at."""

    kind: bool
    patient: bool
    fields: frozenset[str]
    second: SecondLook = field(default_factory=SecondLook)


def second_looks(session: Session) -> dict[int, SecondLook]:
    """The second looks that were decided, by document."""
    rows = session.exec(
        select(QualityItem, Document)
        .join(Document, col(Document.id) == QualityItem.document_id)
        .where(col(QualityItem.passed).is_not(None))
    )
    found: dict[int, SecondLook] = {}
    for item, document in rows:
        before = found.get(document.id, SecondLook())
        was_filed = document.filed_at and item.decided_at and document.filed_at <= item.decided_at
        found[document.id] = SecondLook(
            before.names | {name for name, value in (item.keyed or {}).items() if value},
            before.is_whole or item.kind in _INSPECTED,
            before.errors | (set(item.errors) if was_filed else set()),
        )
    return found


def seen_of(document: Document, rows: Iterable[FieldRow], looks: Mapping[int, SecondLook]) -> Seen:
    """What people looked at of a document: at the desk, in the grid, or in a second look."""
    second = looks.get(document.id, SecondLook())
    names = {row.name for row in rows if row.seen_by or row.source.startswith("person:")}
    names |= {row.name for row in rows if second.saw(row.name)} | set(second.names)
    said = document.type_guesses[0]["code"] if document.type_guesses else None
    return Seen(
        kind=bool(document.type_seen_by) or said != document.type_code or second.saw("type"),
        patient=document.decision == Decision.CONFIRMED
        or document.person_id != document.machine_person_id
        or second.is_whole
        or len(names & set(IDENTITY)) >= _IDENTIFIERS,
        fields=frozenset(names),
        second=second,
    )
