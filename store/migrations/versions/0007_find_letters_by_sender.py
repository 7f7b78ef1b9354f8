"""Find the letters that wait by their sender, so that they can be erased, and by the desk that they wait at."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

AT_ITS_DESK = """
UPDATE letters SET bulletin_id = coalesce(
    (SELECT b.id FROM cards k JOIN bulletins b ON b.moderators_chat = k.chat_id
     WHERE k.kind = 'letter' AND k.subject_id = letters.id LIMIT 1),
    (SELECT min(id) FROM bulletins)
) WHERE state = 'waiting' AND kind = 'letter'
"""


def upgrade() -> None:
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sender_mac", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("bulletin_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_letters_sender_mac"), ["sender_mac"], unique=False)
        batch_op.create_index("ix_letters_waiting", ["state", "kind"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_letters_bulletin_id_bulletins"), "bulletins", ["bulletin_id"], ["id"]
        )
    op.execute(AT_ITS_DESK)
