"""The record store: custody, pages, documents, roster, audit, accounts"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from storage.foundation.tables.columns import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RULES = (
    # What is filed is found by its words.
    """CREATE VIRTUAL TABLE page_text USING fts5(words, document_id UNINDEXED, position UNINDEXED,
       tokenize = "unicode61 remove_diacritics 2")""",
    # The log only grows.
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_event
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_event
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_event
       WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq)
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    # Paper is never forgotten.
    """CREATE TRIGGER page_no_delete BEFORE DELETE ON page
       BEGIN SELECT RAISE(ABORT, 'a page is never deleted'); END""",
    """CREATE TRIGGER source_no_delete BEFORE DELETE ON source
       BEGIN SELECT RAISE(ABORT, 'a custody receipt is never deleted'); END""",
    """CREATE TRIGGER source_no_update BEFORE UPDATE ON source
       BEGIN SELECT RAISE(ABORT, 'a custody receipt is never changed'); END""",
    # Pages in = filed + to verify + blank + separator + held + refused, or the batch does not move on.
    """CREATE TRIGGER batch_pages_balance BEFORE UPDATE OF state ON batch
       WHEN NEW.state IN ('indexed', 'closed') AND (
         NEW.pages_found IS NULL
         OR NEW.pages_found <> (SELECT count(*) FROM page WHERE batch_id = NEW.id AND disposition <> 'waiting'))
       BEGIN SELECT RAISE(ABORT, 'the pages of this batch do not add up'); END""",
)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", AutoString(), nullable=False),
        sa.Column("full_name", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("password_hash", AutoString(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("action", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", AutoString(), nullable=False),
        sa.Column("mac", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("reason_code", AutoString(), nullable=True),
        sa.Column("reason", AutoString(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("back_file", sa.Boolean(), nullable=False),
        sa.Column("pages_found", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(length=32), nullable=False),
        sa.Column("updated_at", UtcTime(length=32), nullable=False),
        sa.CheckConstraint(
            "state in ('received', 'read', 'indexed', 'closed', 'duplicate', 'quarantined', 'voided')",
            name="batch_state",
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of"],
            ["batch.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_state"), ["state"], unique=False)

    op.create_table(
        "blob",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("content_mac", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_generation", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("content_mac"),
    )
    op.create_table(
        "fact",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "not_a_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hot_folder", AutoString(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("seen_at", UtcTime(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hot_folder", "name"),
    )
    op.create_table(
        "one_time_login",
        sa.Column("token_hash", AutoString(), nullable=False),
        sa.Column("username", AutoString(), nullable=False),
        sa.Column("expires_at", UtcTime(length=32), nullable=False),
        sa.Column("used_at", UtcTime(length=32), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mrn", AutoString(), nullable=False),
        sa.Column("family", AutoString(), nullable=False),
        sa.Column("given", AutoString(), nullable=False),
        sa.Column("middle", AutoString(), nullable=False),
        sa.Column("suffix", AutoString(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", AutoString(), nullable=False),
        sa.Column("address", AutoString(), nullable=False),
        sa.Column("postcode", AutoString(), nullable=False),
        sa.Column("phone", AutoString(), nullable=False),
        sa.Column("ssn4", AutoString(), nullable=False),
        sa.Column("member_id", AutoString(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("loaded_at", UtcTime(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mrn"),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("at", UtcTime(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_key"), ["key"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("token_hash", AutoString(), nullable=False),
        sa.Column("username", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("started_at", UtcTime(length=32), nullable=False),
        sa.Column("seen_at", UtcTime(length=32), nullable=False),
        sa.Column("ended_at", UtcTime(length=32), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "encounter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("admitted", sa.Date(), nullable=True),
        sa.Column("discharged", sa.Date(), nullable=True),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("attending", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_encounter_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "value"),
    )
    with op.batch_alter_table("person_key", schema=None) as batch_op:
        batch_op.create_index("person_key_value", ["value"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("view_blob_id", AutoString(), nullable=True),
        sa.Column("pdf_blob_id", AutoString(), nullable=True),
        sa.Column("created_at", UtcTime(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["pdf_blob_id"],
            ["blob.id"],
        ),
        sa.ForeignKeyConstraint(
            ["view_blob_id"],
            ["blob.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "source",
        sa.Column("claim_id", AutoString(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("hot_folder", AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("blob_id", AutoString(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcTime(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.ForeignKeyConstraint(
            ["blob_id"],
            ["blob.id"],
        ),
        sa.PrimaryKeyConstraint("claim_id"),
        sa.UniqueConstraint("batch_id"),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_sha256"), ["sha256"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("type_code", AutoString(), nullable=False),
        sa.Column("type_confidence", sa.Float(), nullable=False),
        sa.Column("decision", AutoString(), nullable=False),
        sa.Column("decision_reasons", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("encounter_id", sa.Integer(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("service_date", AutoString(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("claimed_by", AutoString(), nullable=True),
        sa.Column("lease_until", UtcTime(length=32), nullable=True),
        sa.Column("why_waiting", AutoString(), nullable=True),
        sa.Column("verified_by", AutoString(), nullable=True),
        sa.Column("filed_blob_id", AutoString(), nullable=True),
        sa.Column("filed_at", UtcTime(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(length=32), nullable=False),
        sa.Column("updated_at", UtcTime(length=32), nullable=False),
        sa.CheckConstraint("decision in ('linked', 'ask', 'none', 'confirmed')", name="document_decision"),
        sa.CheckConstraint(
            "state in ('to_verify', 'verified', 'to_qc', 'filed', 'released', 'pended', 'rescan', 'voided', 'misfiled', 'amended')",
            name="document_state",
        ),
        sa.CheckConstraint(
            "state not in ('verified', 'to_qc', 'filed', 'released') or person_id is not null",
            name="document_filed_to_someone",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"],
            ["encounter.id"],
        ),
        sa.ForeignKeyConstraint(
            ["filed_blob_id"],
            ["blob.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("document_work", ["state", "priority", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_person_id"), ["person_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("agrees", sa.JSON(), nullable=False),
        sa.Column("differs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_document_id"), ["document_id"], unique=False)

    op.create_table(
        "field_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.Column("raw", AutoString(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("field_value", schema=None) as batch_op:
        batch_op.create_index("field_of_document", ["document_id", "name"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("disposition", AutoString(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reading_id", AutoString(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("skew_degrees", sa.Float(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("mean_confidence", sa.Float(), nullable=False),
        sa.Column("reason", AutoString(), nullable=True),
        sa.CheckConstraint("(disposition = 'document') = (document_id is not null)", name="page_in_one_place"),
        sa.CheckConstraint(
            "disposition in ('waiting', 'document', 'blank', 'separator', 'held', 'refused')",
            name="page_disposition",
        ),
        sa.CheckConstraint("number >= 1", name="page_number"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["reading.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch_id", "number"),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_document_id"), ["document_id"], unique=False)
    for statement in RULES:
        op.execute(statement)
