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

TABLES = (access, audit, custody, desk, documents, installation, learning, quality, roster, sheets, versions)

METADATA = SQLModel.metadata
