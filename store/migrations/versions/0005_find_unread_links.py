"""Find unread links without looking through all items."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("ix_items_unread", "items", ["id"], sqlite_where=sa.text("unread IS 1"))
