"""Shape the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "guarded_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_guarded_acts_asked_by_people")),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_guarded_acts_bulletin_id_bulletins")),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name=op.f("fk_guarded_acts_settled_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarded_acts")),
    )
    with op.batch_alter_table("guarded_acts", schema=None) as batch_op:
        batch_op.create_index("ix_guarded_acts_state", ["state", "until"], unique=False)

    op.create_table(
        "section_changes",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("short", sa.String(length=30), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_section_changes_issue_id_issues")),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_section_changes_section_id_sections")),
        sa.PrimaryKeyConstraint("issue_id", "section_id", name=op.f("pk_section_changes")),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_corrections_issue_id_issues")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_corrections_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_corrections_issue_id")),
    )
    op.create_table(
        "correction_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_correction_drafts_issue_id_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_drafts")),
    )
    op.create_table(
        "seats",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_seats_bulletin_id_bulletins")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_seats_item_id_items")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_seats_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_seats")),
    )
    op.create_table(
        "votes",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_votes_item_id_items")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_votes_person_id_people")),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_votes_section_id_sections")),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_votes")),
    )
    op.create_table(
        "selections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("view", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_selections_bulletin_id_bulletins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections")),
    )
    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gate", sa.String(length=20), nullable=False, server_default="countdown"))
        batch_op.add_column(sa.Column("quorum", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("approve_own", sa.Boolean(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("reasons", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("remind_hours", sa.Integer(), nullable=False, server_default="48"))
        batch_op.add_column(sa.Column("summary_time", sa.String(length=5), nullable=False, server_default="09:00"))
        batch_op.add_column(sa.Column("issue_thread", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("alarm_thread", sa.Integer(), nullable=True))

    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed", sa.Boolean(), nullable=False, server_default="0"))

    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("found", sa.JSON(), nullable=True))

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_by", sa.String(length=40), nullable=False, server_default=""))

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cutoff_told", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("subtitle", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("intro", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("footer", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("approvals", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("corrected_on", sa.Date(), nullable=True))

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("skips_issue_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("snoozed_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("highlight", sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_items_skips_issue_id_issues"), "issues", ["skips_issue_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_items_issue_id"), ["issue_id"], unique=False)

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("demands", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("signatories", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("suggested", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    # Until now a suggestion was told by having no day; one that was taken out has its own.
    op.execute("UPDATE notices SET suggested = 1 WHERE withdrawn AND until IS NULL")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_address", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("bulletin_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_people_bulletin_id_bulletins"), "bulletins", ["bulletin_id"], ["id"])

    with op.batch_alter_table("prompts", schema=None) as batch_op:
        batch_op.alter_column("message_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retired", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("issue_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_sections_issue_id_issues"), "issues", ["issue_id"], ["id"])

    # What stands in old rows was needed once; new rows get their values from the program.
    for table, columns in (
        ("bulletins", ("gate", "quorum", "approve_own", "remind_hours", "summary_time")),
        ("channels", ("removed",)),
        ("files", ("asks",)),
        ("invitations", ("created_by",)),
        ("issues", ("cutoff_told", "intro", "approvals")),
        ("notices", ("demands", "signatories", "languages", "suggested", "revision")),
        ("sections", ("retired",)),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
