"""Prints of pages kept with their readings, by what loads no engine; `sheets.py` finds them again."""

import struct
from typing import TYPE_CHECKING

from sqlmodel import Session, insert, select

from storage.foundation.tables.sheets import SheetKey, SheetRow

if TYPE_CHECKING:
    from ocr.sheetprint import SheetPrint


def keep_print(session: Session, reading_id: str, made: "SheetPrint") -> None:
    """Keep the print of a reading; repeating is harmless."""
    if session.exec(select(SheetRow.id).where(SheetRow.reading_id == reading_id)).first() is not None:
        return
    row = SheetRow(
        reading_id=reading_id, words=made.words, keys=struct.pack(f">{len(made.sought)}q", *made.sought),
        data=made.data, blanks=made.blanks, ink=made.ink,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if made.keys:
        session.execute(insert(SheetKey), [{"key": key, "print_id": row.id} for key in set(made.keys)])
