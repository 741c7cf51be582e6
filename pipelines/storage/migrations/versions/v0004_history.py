"""what observations were read as, absences, withholdings, changes of the reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reparses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parser_version", sa.Text(), nullable=False),
        sa.Column("arguments", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("counts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reparses")),
    )
    op.create_table(
        "withholdings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholdings")),
        sa.UniqueConstraint("url", "made_at", name=op.f("uq_withholdings_url_made_at")),
    )
    op.create_table(
        "absences",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("gone_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_absences_document_id_documents")),
        sa.PrimaryKeyConstraint("document_id", "gone_since", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_gone_since"), ["gone_since"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_returned_at"), ["returned_at"], unique=False)

    op.create_table(
        "reading_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reparse_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_reading_changes_document_id_documents")),
        sa.ForeignKeyConstraint(["reparse_id"], ["reparses.id"], name=op.f("fk_reading_changes_reparse_id_reparses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_changes")),
        sa.UniqueConstraint("reparse_id", "document_id", "content_sha256", "kind", "name", name="uq_reading_changes_place"),
    )
    with op.batch_alter_table("reading_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_changes_document_id"), ["document_id"], unique=False)

    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_sha256", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("read", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_corrections_made_at"), ["made_at"], unique=False)

    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_first_seen"), ["first_seen"], unique=False)

    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("payload_digest", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("refers_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("content_sha256", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("parser_version", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("reparse_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_observations_content_sha256"), ["content_sha256"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_observations_reparse_id_reparses"), "reparses", ["reparse_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_observations_refers_to_observations"), "observations", ["refers_to"], ["id"])

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_first_seen"), ["first_seen"], unique=False)

    op.execute("INSERT INTO absences (document_id, gone_since) SELECT id, gone_since FROM documents WHERE gone_since IS NOT NULL")
