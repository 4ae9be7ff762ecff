"""Versions of the trained document-type model."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.foundation.tables.columns import now_column


class TypeModel(SQLModel, table=True):
    """A version of the trained document-type model; its bytes lie sealed in the vault."""

    __tablename__ = "type_model"
    id: int = Field(default=None, primary_key=True)
    blob_id: str = Field(foreign_key="blob.id")
    made_at: datetime = now_column()
    made_by: str
    examples: int
    frozen: int  # verified documents that are never learned from, and that it was judged by
    frozen_right: int
    before_right: int  # of the same documents, by what was used before it
    is_used: bool = False
