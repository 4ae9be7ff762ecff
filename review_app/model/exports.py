"""Lists that leave the screen as a file: the log says which, by whom, and how many rows."""

from storage.foundation import audit
from storage.foundation.actions import AuditAction
from storage.foundation.home import Home
from storage.foundation.permissions import Actor


def note_export(home: Home, actor: Actor, name: str, rows: int, documents: list[int] | None = None) -> None:
    """Write into the audit log that a list was saved as a file; `documents`, where it holds values that were read on them."""
    with home.writing() as session:
        audit.record(session, actor, AuditAction.EXPORT_LIST, f"list:{name}", list=name, rows=rows, documents=documents)
