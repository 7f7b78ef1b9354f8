"""Let issues come to private chats in Telegram."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "chat_readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("contact_mac", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("latest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_chat_readers_bulletin_id_bulletins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_readers")),
        sa.UniqueConstraint("bulletin_id", "contact_mac", name=op.f("uq_chat_readers_bulletin_id")),
    )
