"""How right the machine was, measured on what people verified: for each kind and field, handwritten ones apart, and by month.

The machine's value stays beside the person's (documents.save_corrections), so this is counted, never estimated.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from classify.autofile import Record
from classify.fields.table import IDENTITY
from classify.risk import upper_bound
from storage.foundation.tables.desk import PageChange
from storage.foundation.tables.documents import Document, FieldRow
from storage.learning.models import VERIFIED

SURE = 0.95
"""A field value from here on is one that a person would not be asked about."""


@dataclass(slots=True)
class Count:
    """Answers of one kind: how many, how many right, and both apart for those the machine was sure of."""

    answers: int = 0
    right: int = 0
    sure: int = 0
    sure_wrong: int = 0
    said: float = 0.0
    missing: int = 0

    def add(self, *, is_right: bool, confidence: float, is_sure: bool) -> None:
        """One answer that a person has checked."""
        self.answers += 1
        self.right += is_right
        self.said += confidence
        self.sure += is_sure
        self.sure_wrong += is_sure and not is_right

    def record(self) -> dict[str, Any]:
        """The count as `report accuracy --json` prints it."""
        return {
            "answers": self.answers,
            "accuracy": _share(self.right, self.answers),
            "said": _share(self.said, self.answers),
            "sure": _share(self.sure, self.answers),
            "false_accepts": self.sure_wrong,
            "false_accepts_upper_95": round(upper_bound(self.sure_wrong, self.sure), 4) if self.sure else None,
            "unnecessary_review": _share(self.right - (self.sure - self.sure_wrong), self.answers),
            "missing": self.missing,
        }


_BOUNDARY_ERRORS = {"split": "not_begun", "join": "begun_wrongly", "move": "page_elsewhere", "reorder": "out_of_order"}
"""What a change of pages that stands says of the machine: a beginning it missed, one it made up, a page it put elsewhere,
pages it left in the wrong order."""


@dataclass(slots=True)
class Separation:
    """Documents that people verified, and how many of them had to be put together otherwise, by what was wrong."""

    documents: int = 0
    wrong: int = 0
    errors: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_BOUNDARY_ERRORS.values(), 0))

    def record(self) -> dict[str, Any]:
        """The count as `report accuracy --json` prints it."""
        return {
            "answers": self.documents,
            "accuracy": _share(self.documents - self.wrong, self.documents),
            "wrong_upper_95": round(upper_bound(self.wrong, self.documents), 4) if self.documents else None,
            **self.errors,
        }


@dataclass(slots=True)
class Accuracy:
    """All counts: kinds of document, fields in print and in handwriting, months, where documents begin, and what each class would have filed by itself."""

    kinds: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    fields: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    handwritten: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    months: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    curve: dict[int, Count] = field(default_factory=lambda: defaultdict(Count))
    releases: list[Record] = field(default_factory=list)
    patients: Count = field(default_factory=Count)
    separation: Separation = field(default_factory=Separation)


def measure(session: Session, since: str = "") -> Accuracy:
    """Count over all documents that people verified (since this day, ISO, when given)."""
    found = Accuracy()
    would: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    changed = _rearranged(session)
    query = select(Document).where(col(Document.state).in_(VERIFIED), col(Document.verified_by).is_not(None))
    for document in session.exec(query):
        if since and document.created_at.date().isoformat() < since:
            continue
        found.separation.documents += 1
        found.separation.wrong += document.id in changed
        for kind in changed.get(document.id, ()):
            found.separation.errors[_BOUNDARY_ERRORS[kind]] += 1
        guess = document.type_guesses[0] if document.type_guesses else None
        kind_right = guess is not None and guess["code"] == document.type_code
        if guess is not None:
            found.kinds[document.type_code].add(
                is_right=kind_right, confidence=guess["confidence"], is_sure=guess["sure"]
            )
            found.months[f"{document.created_at:%Y-%m}"].add(
                is_right=kind_right, confidence=guess["confidence"], is_sure=guess["sure"]
            )
        if document.machine_person_id is not None:
            found.patients.add(is_right=document.person_id == document.machine_person_id, confidence=1.0, is_sure=True)
        rows = list(session.exec(select(FieldRow).where(FieldRow.document_id == document.id)))
        fields_right = _count_fields(found, rows)
        if guess is not None:
            is_right = kind_right and fields_right and document.id not in changed
            _count_self_filing(would[guess["code"]], document, is_right=is_right)
    found.releases = [Record(code, *counts) for code, counts in sorted(would.items())]
    return found


def earned_classes(session: Session, asked: Iterable[str], target: float) -> frozenset[str]:
    """Those of the asked classes whose measured risk is under the target."""
    wanted = set(asked)
    if not wanted:
        return frozenset()
    return frozenset(r.code for r in measure(session).releases if r.code in wanted and r.has_earned(target))


def _rearranged(session: Session) -> dict[int, list[str]]:
    """The changes of pages that stand, each under one document that is left of those it touched: the oldest verified."""
    changes: dict[int, list[str]] = defaultdict(list)
    standing = list(
        session.exec(
            select(PageChange).where(col(PageChange.undone_by).is_(None), col(PageChange.kind).in_(_BOUNDARY_ERRORS))
        )
    )
    verified = set(session.exec(select(Document.id).where(col(Document.state).in_(VERIFIED))))
    for change in standing:
        touched = {change.document_id, *(entry["document_id"] for entry in (*change.before, *change.after))}
        if left := sorted(touched & verified - {None}):
            changes[left[0]].append(change.kind)
    return changes


def _count_fields(found: Accuracy, rows: Iterable[FieldRow]) -> bool:
    """Add a document's fields; whether those that say whose it is were right."""
    machine: dict[str, FieldRow] = {}
    final: dict[str, FieldRow] = {}
    for row in rows:
        if row.source.startswith("person:"):
            if row.is_current:
                final[row.name] = row
        elif row.name not in machine or row.confidence > machine[row.name].confidence:
            machine[row.name] = row
    identity_right = True
    for name in machine.keys() | final.keys():
        said, told = machine.get(name), final.get(name)
        if said is None:
            found.fields[name].missing += bool(told and told.value)
            continue
        is_right = told is None or told.value == said.value
        count = found.handwritten[name] if said.is_handwritten else found.fields[name]
        count.add(is_right=is_right, confidence=said.confidence, is_sure=said.confidence >= SURE)
        found.curve[min(9, int(said.confidence * 10))].add(
            is_right=is_right, confidence=said.confidence, is_sure=said.confidence >= SURE
        )
        identity_right &= is_right or name not in IDENTITY
    return identity_right


def _count_self_filing(counts: list[int], document: Document, *, is_right: bool) -> None:
    """Verified, would have filed itself as the machine made it (classify/autofile.py), and of those wrong: in whatever, to
    whomever, or put together otherwise."""
    counts[0] += 1
    if document.would_file_itself:
        counts[1] += 1
        counts[2] += not is_right or document.person_id != document.machine_person_id


def report_rows(found: Accuracy) -> list[dict[str, Any]]:
    """The report as records: one for each kind, field, month and step of the reliability curve, and each class's release."""
    rows: list[dict[str, Any]] = []
    if found.patients.answers:
        rows.append({"what": "patient", "name": "linked by the machine", **found.patients.record()})
    if found.separation.documents:
        rows.append(
            {"what": "separation", "name": "documents as the machine put them together", **found.separation.record()}
        )
    for what, counts in (
        ("kind", found.kinds), ("field", found.fields), ("handwritten", found.handwritten), ("month", found.months),
    ):  # fmt: skip
        rows += [{"what": what, "name": name, **count.record()} for name, count in sorted(counts.items())]
    rows += [
        {"what": "confidence", "name": f"{step / 10:.1f}-{(step + 1) / 10:.1f}", **count.record()}
        for step, count in sorted(found.curve.items())
    ]
    rows += [
        {
            "what": "release", "name": record.code, "answers": record.verified, "would_file": record.would_file,
            "wrong": record.wrong, "risk_upper_95": round(record.risk, 4),
        }
        for record in found.releases
    ]  # fmt: skip
    return rows


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
