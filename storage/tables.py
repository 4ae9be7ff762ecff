"""The tables. Custody first: every dropped file is a `source`, every side of paper a `page`.

Record numbers are strings (leading zeros matter); times are aware UTC, kept as ISO text by `UtcTime`.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.states import BatchState, DocumentState


def utc_now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC datetime kept as sortable ISO 8601 text (SQLite has no time zone)."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def _time(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None if nullable else ..., sa_column=Column(UtcTime(), nullable=nullable, index=index))


def _now() -> Any:
    return Field(default_factory=utc_now, sa_column=Column(UtcTime(), nullable=False))


def _json() -> Any:
    return Field(default_factory=list, sa_column=Column(JSON, nullable=False))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(str(v)) for v in values)})"


DISPOSITIONS = ("waiting", "document", "blank", "separator", "held", "refused")
"""Where a page is: not read yet, in a document, a blank side, a separator sheet, held, refused."""


class Blob(SQLModel, table=True):
    """One write-once encrypted file in the vault, named by the SHA-256 of its ciphertext."""

    __tablename__ = "blob"
    id: str = Field(primary_key=True)
    content_mac: str = Field(unique=True)  # HMAC of the content and its kind: finds the same content again
    kind: str
    size: int
    wrapped_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key_generation: int = 1
    created_at: datetime = _now()


class Batch(SQLModel, table=True):
    """What was dropped at once and is worked as one: its state, its page ledger, its work record."""

    __tablename__ = "batch"
    __table_args__ = (CheckConstraint(_one_of("state", tuple(BatchState)), name="batch_state"),)
    id: int | None = Field(default=None, primary_key=True)
    state: str = Field(index=True)
    reason_code: str | None = None
    reason: str | None = None
    flags: list[str] = _json()
    back_file: bool = False
    pages_found: int | None = None  # agreed by both page counters
    attempts: int = 0  # committed before risky work; three strikes quarantine
    duplicate_of: int | None = Field(default=None, foreign_key="batch.id")
    parent_id: int | None = Field(default=None, foreign_key="batch.id", index=True)  # the PDF in which this file lay
    version: int = 1
    created_at: datetime = _now()
    updated_at: datetime = _now()


class Source(SQLModel, table=True):
    """Custody receipt of one dropped file; the claim id is the idempotency key of its intake."""

    __tablename__ = "source"
    claim_id: str = Field(primary_key=True)
    name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # as dropped: names are data
    hot_folder: str
    size: int
    sha256: str = Field(index=True)
    blob_id: str = Field(foreign_key="blob.id")
    batch_id: int = Field(foreign_key="batch.id", unique=True)
    received_at: datetime = _now()


class NotAFile(SQLModel, table=True):
    """A link, pipe, device or folder seen in a hot folder: never opened, told once."""

    __tablename__ = "not_a_file"
    __table_args__ = (UniqueConstraint("hot_folder", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    hot_folder: str
    name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kind: str
    reason: str
    seen_at: datetime = _now()


class Reading(SQLModel, table=True):
    """What was read from one page image; kept under image and recipe so that rules can change
    without reading the pixels again."""

    __tablename__ = "reading"
    id: str = Field(primary_key=True)  # image hash + fingerprint of cleaning and engine
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # zlib JSON of an OcrPage
    view_blob_id: str | None = Field(default=None, foreign_key="blob.id")
    pdf_blob_id: str | None = Field(default=None, foreign_key="blob.id")
    created_at: datetime = _now()


class Document(SQLModel, table=True):
    """Pages that belong together, and what they are: type, patient, encounter, state."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(_one_of("state", tuple(DocumentState)), name="document_state"),
        CheckConstraint("decision in ('linked', 'ask', 'none', 'confirmed')", name="document_decision"),
        CheckConstraint(
            "state not in ('verified', 'to_qc', 'filed', 'released') or person_id is not null",
            name="document_filed_to_someone",
        ),
        Index("document_work", "state", "priority", "created_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    state: str = DocumentState.TO_VERIFY
    type_code: str
    type_confidence: float = 0.0
    type_is_sure: bool = False
    type_guesses: list[dict[str, Any]] = (
        _json()
    )  # what the machine thought, best first, with evidence and place; it stays
    model_id: int | None = Field(default=None, foreign_key="type_model.id")  # the learned voice that was heard
    labels: list[dict[str, Any]] = _json()  # sensitivity: code, reason, page
    decision: str = "none"
    decision_reasons: list[str] = _json()
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    machine_person_id: int | None = Field(default=None, foreign_key="person.id")  # whom the machine linked; it stays
    encounter_id: int | None = Field(default=None, foreign_key="encounter.id")
    flags: list[str] = _json()
    outcome: str = "ok"  # worst page outcome
    service_date: str | None = None
    priority: int = 5
    claimed_by: str | None = Field(default=None, index=True)
    lease_until: datetime | None = _time(nullable=True)
    why_waiting: str | None = None  # why pended, or what is wrong with the scan
    verified_by: str | None = None
    filed_blob_id: str | None = Field(default=None, foreign_key="blob.id")
    filed_at: datetime | None = _time(nullable=True)
    version: int = 1
    created_at: datetime = _now()
    updated_at: datetime = _now()


class Page(SQLModel, table=True):
    """One side of paper: exactly one disposition, and a document when that is where it is."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint(_one_of("disposition", DISPOSITIONS), name="page_disposition"),
        CheckConstraint("(disposition = 'document') = (document_id is not null)", name="page_in_one_place"),
        CheckConstraint("number >= 1", name="page_number"),
        Index("page_unseen", "batch_id", sqlite_where=text("disposition = 'blank' AND seen_by IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    number: int  # 1-based, in the file as it was dropped
    disposition: str = "waiting"
    outcome: str = "waiting"
    document_id: int | None = Field(default=None, foreign_key="document.id", index=True)
    position: int = 0  # order inside the document
    reading_id: str | None = Field(default=None, foreign_key="reading.id")
    turn: int = 0  # degrees clockwise a technician turned it after reading
    rotation: int = 0
    skew_degrees: float = 0.0
    dpi: int = 0
    words: int = 0
    mean_confidence: float = 0.0
    reason: str | None = None
    is_best_possible: bool = False  # the paper gives no better image: nobody asks for it again
    replaces_id: int | None = Field(default=None, foreign_key="page.id")  # the page that it was scanned again for
    ink_share: float = 0.0  # of the page that is darker than its paper: why a side was taken for blank
    seen_by: str | None = None  # who confirmed that a blank side is blank
    seen_at: datetime | None = _time(nullable=True)


class FieldRow(SQLModel, table=True):
    """One value of an index field; a correction is a new row, the old one stays."""

    __tablename__ = "field_value"
    __table_args__ = (Index("field_of_document", "document_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    name: str
    value: str
    raw: str = ""
    confidence: float = 0.0
    page: int | None = None
    box: list[int] = _json()
    source: str  # label, title, barcode, text, person:<name>
    is_valid: bool = True
    is_current: bool = True
    created_at: datetime = _now()


class TypeModel(SQLModel, table=True):
    """A version of the learned voice about kinds of documents; its bytes lie sealed in the vault."""

    __tablename__ = "type_model"
    id: int | None = Field(default=None, primary_key=True)
    blob_id: str = Field(foreign_key="blob.id")
    made_at: datetime = _now()
    made_by: str
    examples: int
    frozen: int  # verified documents that are never learned from, and that it was judged by
    frozen_right: int
    before_right: int  # of the same documents, by what was used before it
    is_used: bool = False


class CandidateRow(SQLModel, table=True):
    """A patient a document may belong to, best first, with the evidence."""

    __tablename__ = "candidate"
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    rank: int
    person_id: int = Field(foreign_key="person.id")
    score: float
    agrees: list[str] = _json()
    differs: list[str] = _json()
    evidence: list[dict[str, Any]] = _json()  # identifier, level, weight in bits, sentence


class Person(SQLModel, table=True):
    """One row of the patient list (master patient index). Never deleted: a merged person points to the survivor.

    `names`, `former` and `other_mrns` hold what the person was called, where they lived and which numbers they had.
    """

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    mrn: str = Field(unique=True)
    family: str
    given: str
    middle: str = ""
    suffix: str = ""
    birth_date: date | None = None
    died: date | None = None
    sex: str = ""
    address: str = ""
    city: str = ""
    region: str = ""  # state or province
    postcode: str = ""
    phone: str = ""
    ssn4: str = ""
    member_id: str = ""
    names: list[dict[str, str]] = _json()  # kind, family, given
    former: list[dict[str, str]] = _json()  # what (address, postcode, phone, member_id, birth_date), value
    other_mrns: list[str] = _json()
    survivor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    said_at: str = ""  # time of the newest message about this person, ISO; an older one changes nothing
    loaded_at: datetime = _now()


class PersonNumber(SQLModel, table=True):
    """A medical record number: by its assigning authority it belongs to one person, for ever."""

    __tablename__ = "person_number"
    authority: str = Field(primary_key=True)  # empty for our own
    value: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    is_current: bool = True


class PersonKey(SQLModel, table=True):
    """A blocking key, hashed: the ways by which a badly read page may still find this person."""

    __tablename__ = "person_key"
    __table_args__ = {"sqlite_with_rowid": False}
    value: int = Field(sa_column=Column(BigInteger, primary_key=True))
    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True))


class NameCount(SQLModel, table=True):
    """How many persons bear a surname or first name: a rare name that agrees says more."""

    __tablename__ = "name_count"
    part: str = Field(primary_key=True)  # family or given
    name: str = Field(primary_key=True)
    people: int


class PersonMerge(SQLModel, table=True):
    """Two rows of the list that were one human being; what moved is kept, so that it can be undone."""

    __tablename__ = "person_merge"
    id: int | None = Field(default=None, primary_key=True)
    loser_id: int = Field(foreign_key="person.id", index=True)
    survivor_id: int = Field(foreign_key="person.id", index=True)
    source: str  # message id, or person:<name>
    documents: list[int] = _json()
    encounters: list[int] = _json()
    taken: list[dict[str, str]] = _json()  # what the survivor took over: kind (name, former, field) and its values
    merged_at: datetime = _now()
    undone_at: datetime | None = _time(nullable=True)


class PatientQuestion(SQLModel, table=True):
    """A document whose patient a person must confirm again: its patient was merged, unmerged, or its visit moved."""

    __tablename__ = "patient_question"
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    reason: str
    before_id: int | None = Field(default=None, foreign_key="person.id")
    proposed_id: int | None = Field(default=None, foreign_key="person.id")
    raised_at: datetime = _now()
    answered_by: str | None = None
    answered_at: datetime | None = _time(nullable=True)
    answer: str | None = None  # stays, or moved


class Misfiling(SQLModel, table=True):
    """Pages that were filed to the wrong chart: the tombstone of the old place, and what two people did about it."""

    __tablename__ = "misfiling"
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    pages: list[int] = _json()  # numbers in the dropped file, 1-based
    is_whole: bool
    person_id: int = Field(foreign_key="person.id", index=True)  # whose chart they were in
    to_person_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str
    cause: str
    proposed_by: str
    proposed_at: datetime = _now()
    confirmed_by: str | None = None
    confirmed_at: datetime | None = _time(nullable=True)
    withdrawn_at: datetime | None = _time(nullable=True)
    type_code: str
    filed_at: datetime | None = _time(nullable=True)
    filed_blob_id: str | None = Field(default=None, foreign_key="blob.id")  # the version that was wrong; it stays
    was_released: bool = False
    verified_by: str | None = None
    moved_to: int | None = Field(default=None, foreign_key="document.id")
    seen_by: list[dict[str, str]] = _json()  # who, when and how, between filing and correction


class Draft(SQLModel, table=True):
    """What somebody typed into a document and has not approved: it outlives the browser, the connection and the shift."""

    __tablename__ = "draft"
    document_id: int = Field(primary_key=True, foreign_key="document.id")
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # values, type, person
    saved_by: str
    saved_at: datetime = _now()


class StationAction(SQLModel, table=True):
    """An action of the desk that was carried out, by the token the browser gave it: sent again it changes nothing."""

    __tablename__ = "station_action"
    token: str = Field(primary_key=True)
    username: str
    answer: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    done_at: datetime = _now()


class PageChange(SQLModel, table=True):
    """Pages that somebody turned, split off, joined, moved or hid: where they were and where they are, to undo it."""

    __tablename__ = "page_change"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    document_id: int = Field(foreign_key="document.id", index=True)  # on the desk when it was done
    kind: str
    before: list[dict[str, Any]] = _json()  # page, document, position, disposition, reason, turn, is_best_possible
    after: list[dict[str, Any]] = _json()
    done_by: str
    done_at: datetime = _now()
    undone_by: str | None = None


class Remark(SQLModel, table=True):
    """What people wrote about a document: comments, and why it waits, for whom and until when."""

    __tablename__ = "remark"
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    kind: str  # comment, pend, query, escalate, rescan
    text: str
    due: date | None = None
    said_by: str
    said_at: datetime = _now()


class RescanRequest(SQLModel, table=True):
    """A page that the scanning room is asked for again, and the page that came."""

    __tablename__ = "rescan_request"
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    page_id: int | None = Field(default=None, foreign_key="page.id")  # none: a page that is missing
    reason_code: str
    remark: str = ""
    asked_by: str
    asked_at: datetime = _now()
    printed_at: datetime | None = _time(nullable=True)
    ended_at: datetime | None = _time(nullable=True)
    outcome: str | None = None  # arrived, accepted, voided
    new_page_id: int | None = Field(default=None, foreign_key="page.id")


class BreakGlass(SQLModel, table=True):
    """A protected document opened without the right to, in need: who, why, how long, and what the review found."""

    __tablename__ = "break_glass"
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    username: str
    purpose: str  # HL7 v3 ActReason: ETREAT, HOPERAT, ...
    reason: str
    opened_at: datetime = _now()
    until: datetime = _time()
    reviewed_by: str | None = None
    reviewed_at: datetime | None = _time(nullable=True)
    finding: str | None = None


class QualityLot(SQLModel, table=True):
    """Verified documents of one person that are judged together by a sample (ANSI/ASQ Z1.4)."""

    __tablename__ = "quality_lot"
    __table_args__ = (Index("quality_lot_open", "operator", "type_code", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    operator: str
    type_code: str = ""  # empty: all kinds of document
    level: str
    major_aql: float  # percent
    minor_aql: float
    severity: str
    size: int  # documents that it holds when it is full
    sample: int  # documents that are looked at: the larger of both plans
    seed: str  # of the draw; nobody sees it before the lot is full
    state: str = "filling"  # filling, full, accepted, rejected
    is_between: bool = False  # accepted under reduced inspection with more errors than that allows: normal comes back
    opened_at: datetime = _now()
    decided_at: datetime | None = _time(nullable=True)


class QualityItem(SQLModel, table=True):
    """A document in a lot, or drawn for blind second keying; and what the second look found."""

    __tablename__ = "quality_item"
    id: int | None = Field(default=None, primary_key=True)
    lot_id: int | None = Field(default=None, foreign_key="quality_lot.id", index=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    kind: str  # member (not drawn), sample, inspection (of a rejected lot), double_key, released (by a supervisor, unlooked at), overtaken (left the chart or was verified anew)
    operator: str  # who verified it
    type_code: str  # as it was verified
    person_id: int | None = Field(default=None, foreign_key="person.id")  # whose it was said to be
    joined_at: datetime = _now()
    keyed: dict[str, str] | None = Field(
        default=None, sa_column=Column(JSON, nullable=True)
    )  # by the second person, blind
    keyed_by: str | None = None
    keyed_at: datetime | None = _time(nullable=True)
    differs: list[str] = _json()
    errors: list[str] = _json()  # codes of storage/quality/errors.py
    slips: list[str] = _json()  # where the second person was wrong
    decided_by: str | None = None
    decided_at: datetime | None = _time(nullable=True)
    passed: bool | None = None


class Encounter(SQLModel, table=True):
    """A visit or stay; its number is not the MRN."""

    __tablename__ = "encounter"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    account: str = Field(default="", index=True)
    admitted: date | None = None
    discharged: date | None = None
    kind: str = ""  # class: inpatient, outpatient, emergency (HL7 table 0004)
    attending: str = ""
    service: str = ""
    disposition: str = ""
    is_cancelled: bool = False


class AuditEvent(SQLModel, table=True):
    """One line of the append-only log; `mac` chains it to the line before."""

    __tablename__ = "audit_event"
    seq: int = Field(primary_key=True)
    at: str
    actor: str
    role: str
    action: str
    subject: str = Field(index=True)
    outcome: str = "ok"
    detail: str = Field(sa_column=Column(Text, nullable=False))  # canonical JSON, no floats
    previous: str
    mac: str


class Account(SQLModel, table=True):
    """A named person who may sign in; disabled, never deleted."""

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    full_name: str = ""
    role: str
    password_hash: str
    must_change: bool = False
    disabled: bool = False
    created_at: datetime = _now()


class SignInFailure(SQLModel, table=True):
    """A wrong password, counted by name and by address to slow guessing down."""

    __tablename__ = "sign_in_failure"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    at: datetime = _now()


class WebSession(SQLModel, table=True):
    """A signed-in browser; only the SHA-256 of its token is kept."""

    __tablename__ = "web_session"
    token_hash: str = Field(primary_key=True)
    username: str
    role: str
    started_at: datetime = _now()
    seen_at: datetime = _now()
    ended_at: datetime | None = _time(nullable=True)


class OneTimeLogin(SQLModel, table=True):
    """A link that signs one person in once (demo and first start)."""

    __tablename__ = "one_time_login"
    token_hash: str = Field(primary_key=True)
    username: str
    expires_at: datetime = _time()
    used_at: datetime | None = _time(nullable=True)


class Fact(SQLModel, table=True):
    """A fact about this installation, such as whether the recovery sheet was confirmed."""

    __tablename__ = "fact"
    name: str = Field(primary_key=True)
    value: str
