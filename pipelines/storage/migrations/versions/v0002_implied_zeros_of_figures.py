"""implied zeros of figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("implied_value", sa.Numeric(), nullable=True))
        batch_op.add_column(sa.Column("implied_by", sa.Text(), nullable=True))
