"""corrections that gave way to others or were withdrawn stay as a log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None

PLACE = ("document_id", "indicator", "column", "field")


def upgrade() -> None:
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.Text(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_corrections_document_id_indicator_column_field"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_corrections_document_id_indicator_column_field_made_at"), [*PLACE, "made_at"])
        batch_op.create_index(batch_op.f("ix_corrections_withdrawn_at"), ["withdrawn_at"], unique=False)
        in_force = sa.text("withdrawn_at IS NULL")
        batch_op.create_index("uq_corrections_in_force", PLACE, unique=True, sqlite_where=in_force, postgresql_where=in_force)
