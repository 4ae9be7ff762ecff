"""How right the machine was, measured on what people looked at: for each kind and field, handwritten ones apart, by month.

The machine's value stays beside the person's (documents.save_corrections), so this is counted, never estimated. A value
that nobody looked at is unseen, not right (storage/learning/seen.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from classify.autofile import Record, is_sure
from classify.fields.table import IDENTITY
from classify.risk import upper_bound
from storage.foundation.clock import local_day
from storage.foundation.tables.desk import PageChange
from storage.foundation.tables.documents import Document, FieldRow
from storage.learning.models import VERIFIED
from storage.learning.seen import Seen, second_looks, seen_of


@dataclass(slots=True)
class Count:
    """Answers of one kind that somebody looked at: how many, how many right, and both apart for those the machine was sure
    of; and how many nobody looked at."""

    seen: int = 0
    unseen: int = 0
    right: int = 0
    sure: int = 0
    sure_wrong: int = 0
    said: float = 0.0
    missing: int = 0

    def add(self, *, is_seen: bool, is_right: bool, confidence: float, is_sure: bool) -> None:
        """One answer. Where nobody looked it is not known whether it was right."""
        if not is_seen:
            self.unseen += 1
            return
        self.seen += 1
        self.right += is_right
        self.said += confidence
        self.sure += is_sure
        self.sure_wrong += is_sure and not is_right

    def record(self) -> dict[str, Any]:
        """The count as `report accuracy --json` prints it."""
        return {
            "seen": self.seen,
            "unseen": self.unseen,
            "accuracy": _share(self.right, self.seen),
            "said": _share(self.said, self.seen),
            "sure": _share(self.sure, self.seen),
            "false_accepts": self.sure_wrong,
            "false_accepts_upper_95": round(upper_bound(self.sure_wrong, self.sure), 4) if self.sure else None,
            "unnecessary_review": _share(self.right - (self.sure - self.sure_wrong), self.seen),
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
    """Count over all documents that people verified (since this day of the site, ISO, when given)."""
    found = Accuracy()
    would: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    changed, looks = _rearranged(session), second_looks(session)
    query = select(Document).where(col(Document.state).in_(VERIFIED), col(Document.verified_by).is_not(None))
    for document in session.exec(query):
        if since and local_day(document.created_at).isoformat() < since:
            continue
        found.separation.documents += 1
        found.separation.wrong += document.id in changed
        for kind in changed.get(document.id, ()):
            found.separation.errors[_BOUNDARY_ERRORS[kind]] += 1
        rows = list(session.exec(select(FieldRow).where(FieldRow.document_id == document.id)))
        seen = seen_of(document, rows, looks)
        _count_document(found, would, document, rows, seen, is_whole=document.id not in changed)
    found.releases = [Record(code, *counts) for code, counts in sorted(would.items())]
    return found


def _count_document(
    found: Accuracy,
    would: dict[str, list[int]],
    document: Document,
    rows: list[FieldRow],
    seen: Seen,
    *,
    is_whole: bool,
) -> None:
    """Add one document: its kind, its patient, its fields, and whether it would have filed itself, and rightly."""
    patient_right = document.person_id == document.machine_person_id and "wrong_patient" not in seen.second.errors
    if document.machine_person_id is not None:
        found.patients.add(is_seen=seen.patient, is_right=patient_right, confidence=1.0, is_sure=True)
    identity = _count_fields(found, rows, seen)
    guess = document.type_guesses[0] if document.type_guesses else None
    if guess is None:
        return
    kind_right = guess["code"] == document.type_code and "wrong_type" not in seen.second.errors
    for count in (found.kinds[document.type_code], found.months[f"{local_day(document.created_at):%Y-%m}"]):
        count.add(is_seen=seen.kind, is_right=kind_right, confidence=guess["confidence"], is_sure=guess["sure"])
    is_right = kind_right and identity.is_right and patient_right and is_whole and not seen.second.errors & _WRONG
    is_seen = seen.kind and identity.is_seen and seen.patient
    _count_self_filing(would[guess["code"]], document, is_right=is_right, is_seen=is_seen)


_WRONG = frozenset({"wrong_encounter", "foreign_page", "missing_page", "not_protected", "wrong_date", "wrong_value"})
"""What a second look can find besides in a filed document (storage/quality/defects.py), and that should not have been filed so."""


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


@dataclass(frozen=True, slots=True)
class _Identity:
    """Whether the fields that say whose a document is were right, and whether somebody looked at all of them."""

    is_right: bool
    is_seen: bool


def _count_fields(found: Accuracy, rows: Iterable[FieldRow], seen: Seen) -> _Identity:
    """Add a document's fields."""
    machine: dict[str, FieldRow] = {}
    final: dict[str, FieldRow] = {}
    for row in rows:
        if row.source.startswith("person:"):
            if row.is_current:
                final[row.name] = row
        elif row.name not in machine or row.confidence > machine[row.name].confidence:
            machine[row.name] = row
    identity_right, identity_seen = True, True
    for name in machine.keys() | final.keys():
        said, told = machine.get(name), final.get(name)
        if said is None:
            found.fields[name].missing += bool(told and told.value)
            continue
        is_right = told is None or told.value == said.value
        if name == "service_date" and "wrong_date" in seen.second.errors:
            is_right = False
        for count in (
            found.handwritten[name] if said.is_handwritten else found.fields[name],
            found.curve[min(9, int(said.confidence * 10))],
        ):
            count.add(
                is_seen=name in seen.fields,
                is_right=is_right,
                confidence=said.confidence,
                is_sure=is_sure(said.confidence, is_valid=said.is_valid),
            )
        if name in IDENTITY:
            identity_right &= is_right
            identity_seen &= name in seen.fields
    return _Identity(identity_right, identity_seen)


def _count_self_filing(counts: list[int], document: Document, *, is_right: bool, is_seen: bool) -> None:
    """Verified; would have filed itself as the machine made it (classify/autofile.py) and somebody looked; of those wrong, in
    whatever, to whomever, or put together otherwise; and nobody looked. What turned out to be wrong was looked at."""
    counts[0] += 1
    if not document.would_file_itself:
        return
    if is_seen or not is_right:
        counts[1] += 1
        counts[2] += not is_right
    else:
        counts[3] += 1


def report_rows(found: Accuracy) -> list[dict[str, Any]]:
    """The report as records: one for each kind, field, month and step of the reliability curve, and each class's release."""
    rows: list[dict[str, Any]] = []
    if found.patients.seen or found.patients.unseen:
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
            "unseen": record.unseen, "wrong": record.wrong, "risk_upper_95": round(record.risk, 4),
        }
        for record in found.releases
    ]  # fmt: skip
    return rows


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
