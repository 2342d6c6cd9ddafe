"""Whom a kept answer is about, so that erasing him erases it.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("person", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_answers_person"), "answers", ["person"], unique=False)
    # What was kept before says nothing of whom it is about: an erasure could not find it. It would be gone within a day anyway.
    op.execute("DELETE FROM answers")


def downgrade() -> None:
    raise NotImplementedError("the store goes forward only: restore a backup")
