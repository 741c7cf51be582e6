"""the same report at several addresses is known by its title and text; its version also by the days that the page prints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_sha256", sa.Text(), nullable=True))
    # Until now one digest was both.
    op.execute("UPDATE reports SET text_sha256 = content_sha256")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.alter_column("text_sha256", existing_type=sa.Text(), nullable=False)
        batch_op.create_index(batch_op.f("ix_reports_text_sha256"), ["text_sha256"], unique=False)
