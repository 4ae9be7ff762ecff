"""Every table, known to the metadata: foreign keys name tables of other files."""

from sqlmodel import SQLModel

from storage.foundation.tables import (
    access,
    audit,
    custody,
    desk,
    documents,
    installation,
    learning,
    quality,
    roster,
    sheets,
    versions,
)

TABLES = (custody, sheets, documents, versions, roster, desk, quality, learning, access, audit, installation)
"""In the order of a page's way; docs/tables.md has them so."""

METADATA = SQLModel.metadata
