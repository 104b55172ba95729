"""Cases and their acts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(24), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.Column("standing", sa.String, nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(24), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("key", sa.String(48), nullable=False),
        sa.Column("intended_at", sa.Float, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("outcome_at", sa.Float),
        sa.Column("code", sa.String(64)),
        sa.Column("device_code", sa.Integer),
        sa.UniqueConstraint("case_id", "sequence"),
    )
    op.create_index("ix_acts_case_id", "acts", ["case_id"])
