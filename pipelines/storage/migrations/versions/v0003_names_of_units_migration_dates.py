"""names of units, years of their relations, dates of migrations, reasons of the reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing was ever written into them.
    op.drop_table("unit_relations")
    op.drop_table("units")
    op.create_table(
        "packaged",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_packaged")),
    )
    op.create_table(
        "units",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_units")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_adcode"), ["adcode"], unique=False)

    op.create_table(
        "unit_names",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=True),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.unit_id"], name=op.f("fk_unit_names_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "position", name=op.f("pk_unit_names")),
    )
    with op.batch_alter_table("unit_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_names_adcode"), ["adcode"], unique=False)

    op.create_table(
        "unit_relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("predecessor", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["predecessor"], ["units.unit_id"], name=op.f("fk_unit_relations_predecessor_units")),
        sa.ForeignKeyConstraint(["successor"], ["units.unit_id"], name=op.f("fk_unit_relations_successor_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_relations")),
        sa.UniqueConstraint("predecessor", "successor", "year", "kind", name=op.f("uq_unit_relations_predecessor_successor_year_kind")),
    )
    with op.batch_alter_table("unit_relations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_relations_successor"), ["successor"], unique=False)

    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("migration_date", sa.Date(), nullable=True))

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("encoding_confidence", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("scope_reason", sa.Text(), nullable=True))
