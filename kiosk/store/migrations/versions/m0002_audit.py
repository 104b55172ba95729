"""The audit's records, its signed head and checkpoints; when a case's file was purged; the file is marked as the machine's own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_records",
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("signed", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("signed", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.drop_index("ix_acts_case_id", "acts")  # the unique index over case and sequence begins with the same column
    op.add_column("cases", sa.Column("file_purged_at", sa.Float))
    op.create_index("ix_cases_ended_at", "cases", ["ended_at"])
    op.execute("PRAGMA application_id = 0x4B694F73")
