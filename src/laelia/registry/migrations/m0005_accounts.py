"""What people say about their accounts, and who may act in them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("frequency", sa.String(length=12), nullable=False),
        sa.Column("sent", _BIG),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "kind"),
    )
    op.create_table(
        "news",
        sa.Column("key", sa.String(length=60), primary_key=True),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("client", sa.String(length=40)),
        sa.Column("section", sa.String(length=24)),
        sa.Column("item", _BIG),
        sa.Column("name", sa.Text()),
        sa.Column("time", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
    )
    op.create_index("news_person", "news", ["orcid", "kind"])
    with op.batch_alter_table("record") as record:
        record.add_column(sa.Column("terms", sa.String(length=40)))
        record.add_column(sa.Column("terms_accepted", _BIG))
        record.add_column(sa.Column("takes_requests", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("headers", sa.Text()))
    op.create_index("name_family", "name", ["family", "given"])
    op.create_index("email_link_person", "email_link", ["orcid"])
