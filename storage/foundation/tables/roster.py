"""The patient list: persons, their numbers and keys, merges, encounters, open questions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
)
from sqlmodel import Field, SQLModel

from storage.foundation.states import QuestionState
from storage.foundation.tables.columns import json_column, now_column, time_column


class Person(SQLModel, table=True):
    """One row of the patient list (master patient index). Never deleted: a merged person points to the survivor.

    `names`, `former` and `other_mrns` hold what the person was called, where they lived and which numbers they had.
    """

    __tablename__ = "person"
    id: int = Field(default=None, primary_key=True)
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
    names: list[dict[str, str]] = json_column()  # kind, family, given
    former: list[dict[str, str]] = json_column()  # what (address, postcode, phone, member_id, birth_date), value
    other_mrns: list[str] = json_column()
    survivor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    said_at: str = ""  # time of the newest message about this person, ISO; an older one changes nothing
    loaded_at: datetime = now_column()


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


class OpenMatch(SQLModel, table=True):
    """What a document asks of the patient list, kept while neither the list nor a person says whose it is."""

    __tablename__ = "open_match"
    document_id: int = Field(primary_key=True, foreign_key="document.id")
    query: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # of classify/demographics.py, what is stated
    is_due: bool = Field(default=False, index=True)  # the list changed where it looks: match it again
    unlabelled: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON, nullable=True)
    )  # with what no label says
    mentions: bytes | None = None  # what the pages mention of persons (storage/roster/mentions.py)


class OpenMatchKey(SQLModel, table=True):
    """A blocking key, hashed, under which such a document looks: a person who changes under it concerns the document."""

    __tablename__ = "open_match_key"
    __table_args__ = {"sqlite_with_rowid": False}
    value: int = Field(sa_column=Column(BigInteger, primary_key=True))
    document_id: int = Field(sa_column=Column(BigInteger, primary_key=True, index=True))


class NameCount(SQLModel, table=True):
    """How many persons bear a surname or first name: a rare name that agrees says more."""

    __tablename__ = "name_count"
    part: str = Field(primary_key=True)  # family or given
    name: str = Field(primary_key=True)
    people: int


class PersonMerge(SQLModel, table=True):
    """Two rows of the list that were one human being; what moved is kept, so that it can be undone."""

    __tablename__ = "person_merge"
    id: int = Field(default=None, primary_key=True)
    loser_id: int = Field(foreign_key="person.id", index=True)
    survivor_id: int = Field(foreign_key="person.id", index=True)
    source: str  # message id, or person:<name>
    documents: list[int] = json_column()
    encounters: list[int] = json_column()
    taken: list[dict[str, str]] = (
        json_column()
    )  # what the survivor took over: kind (name, former, field) and its values
    merged_at: datetime = now_column()
    undone_at: datetime | None = time_column(nullable=True)


class PatientQuestion(SQLModel, table=True):
    """A document whose patient a person must confirm again: its patient was merged, unmerged, or its visit moved."""

    __tablename__ = "patient_question"
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    reason: str
    before_id: int | None = Field(default=None, foreign_key="person.id")
    proposed_id: int | None = Field(default=None, foreign_key="person.id")
    raised_at: datetime = now_column()
    answered_by: str | None = None
    answered_at: datetime | None = time_column(nullable=True)
    answer: str | None = None  # the state it ended in

    @property
    def state(self) -> QuestionState:
        """Open, or how it was answered."""
        return QuestionState(self.answer) if self.answer else QuestionState.OPEN


class Encounter(SQLModel, table=True):
    """A visit or stay; its number is not the MRN."""

    __tablename__ = "encounter"
    id: int = Field(default=None, primary_key=True)
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
