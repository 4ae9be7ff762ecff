"""Runs migrations on the connection that storage/database.py hands over."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - the tables must be known to compare them


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Full-text tables are made by hand in a migration; the models do not know them."""
    return not (
        kind == "table" and name is not None and name.startswith(("page_text", "page_vocabulary", "person_text"))
    )


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
