"""Widen the intake."""

import sqlalchemy as sa
from alembic import op

from store.titles import marks

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("trust", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_table(
        "source_domains",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_domains_source_id_sources")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_source_domains")),
    )
    op.create_table(
        "source_names",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_names_source_id_sources")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_source_names")),
    )
    op.create_table(
        "intake_keys",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_intake_keys_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_intake_keys")),
    )
    op.create_index(op.f("ix_intake_keys_submission_id"), "intake_keys", ["submission_id"], unique=False)
    op.create_index(op.f("ix_cards_message_id"), "cards", ["message_id"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("album", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_files_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("key", name=op.f("uq_files_key")),
    )
    op.create_table(
        "pages",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("own_address", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_pages_item_id_items")),
        sa.PrimaryKeyConstraint("item_id", "canonical", name=op.f("pk_pages")),
    )
    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pages_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_pages_own_address"), ["own_address"], unique=False)

    op.create_table(
        "title_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_title_words_item_id_items")),
        sa.PrimaryKeyConstraint("word", "item_id", name=op.f("pk_title_words")),
    )
    with op.batch_alter_table("title_words", schema=None) as batch_op:
        batch_op.create_index("ix_title_words_item", ["item_id"], unique=False)

    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("original_source", sa.String(length=255), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("archived", sa.Text(), nullable=True))

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("intake_key", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("wanted_section_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("translation_group", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("found_change", sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f("ix_items_intake_key"), ["intake_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_translation_group"), ["translation_group"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_items_wanted_section_id_sections"), "sections", ["wanted_section_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_items_merged_into_id_items"), "items", ["merged_into_id"], ["id"])

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("links_that_day", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("muted_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("banned_until", sa.DateTime(), nullable=True))

    op.execute("INSERT INTO intake_keys (key, submission_id) SELECT intake_key, id FROM submissions")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("heading_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("going_on", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=10), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("contact_mac", sa.String(length=64), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_submissions_intake_key"), type_="unique")
        batch_op.create_index(batch_op.f("ix_submissions_contact_mac"), ["contact_mac"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_submissions_heading_id_sections"), "sections", ["heading_id"], ["id"]
        )
        batch_op.drop_column("intake_key")

    # What stands in old rows was needed once; new rows get their values from the program.
    for table, column in (
        ("citations", "original_source"),
        ("items", "told"),
        ("people", "links_that_day"),
        ("submissions", "language"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    _note_the_words_of_titles()


def _note_the_words_of_titles() -> None:
    connection = op.get_bind()
    noted = sa.text("INSERT INTO title_words (word, item_id) VALUES (:word, :item_id)")
    titles = connection.execute(sa.text("SELECT id, title FROM items")).all()
    rows = [{"word": mark, "item_id": item_id} for item_id, title in titles for mark in sorted(marks(title))]
    if rows:
        connection.execute(noted, rows)
