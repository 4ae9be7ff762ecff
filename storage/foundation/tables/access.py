"""Who may sign in, who is signed in, and emergency access."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.foundation.states import AccessState
from storage.foundation.tables.columns import now_column, time_column


class BreakGlass(SQLModel, table=True):
    """A protected document opened without the right to, in need: who, why, how long, and what the review found."""

    __tablename__ = "break_glass"
    __table_args__ = (Index("break_glass_open", "username", "until"),)
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    username: str
    purpose: str  # HL7 v3 ActReason
    reason: str
    opened_at: datetime = now_column()
    until: datetime = time_column()
    reviewed_by: str | None = None
    reviewed_at: datetime | None = time_column(nullable=True)
    finding: str | None = None

    @property
    def state(self) -> AccessState:
        """Whether it was reviewed."""
        return AccessState.TO_REVIEW if self.reviewed_at is None else AccessState.REVIEWED


class Account(SQLModel, table=True):
    """A named person who may sign in; disabled, never deleted."""

    __tablename__ = "account"
    id: int = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    full_name: str = ""
    role: str
    password_hash: str
    must_change: bool = False  # the password was set by somebody else: nothing opens before it is changed
    disabled: bool = False
    created_at: datetime = now_column()


class SignInFailure(SQLModel, table=True):
    """A wrong password, counted by name and by address to slow guessing down."""

    __tablename__ = "sign_in_failure"
    id: int = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    at: datetime = now_column()


class WebSession(SQLModel, table=True):
    """A signed-in browser; only the SHA-256 of its token is kept."""

    __tablename__ = "web_session"
    token_hash: str = Field(primary_key=True)
    username: str
    role: str
    started_at: datetime = now_column()
    seen_at: datetime = now_column()
    ended_at: datetime | None = time_column(nullable=True)


class OneTimeLogin(SQLModel, table=True):
    """A link that signs one person in once (demo and first start)."""

    __tablename__ = "one_time_login"
    token_hash: str = Field(primary_key=True)
    username: str
    expires_at: datetime = time_column()
    used_at: datetime | None = time_column(nullable=True)
