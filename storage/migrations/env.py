"""Runs migrations on the connection that storage/foundation/database.py hands over."""

from typing import Any

from alembic import context

from storage.foundation.schema import METADATA


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Full-text tables are made by hand in a migration; the models do not know them."""
    return not (
        kind == "table" and name is not None and name.startswith(("page_text", "page_vocabulary", "person_text"))
    )


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
