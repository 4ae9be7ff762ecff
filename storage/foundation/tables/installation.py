"""Facts about this installation."""

from sqlmodel import Field, SQLModel


class Fact(SQLModel, table=True):
    """A fact about this installation, such as whether the recovery sheet was confirmed."""

    __tablename__ = "fact"
    name: str = Field(primary_key=True)
    value: str
