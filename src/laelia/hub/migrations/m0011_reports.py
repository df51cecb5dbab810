"""What happened month by month, and which kinds of calls went to registries."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_MONTH = {
    "sqlite": "CAST(strftime('%Y%m', {time} / 1000, 'unixepoch') AS INTEGER)",
    "postgresql": "CAST(to_char(to_timestamp({time} / 1000) AT TIME ZONE 'UTC', 'YYYYMM') AS INTEGER)",
}
# What happened before is told by the dates that were kept: of each state only the last.
_BEFORE = (
    ("invited", "p.invited", 0, "p.invited IS NOT NULL"),
    ("connected", "p.connected", 1, "p.connected IS NOT NULL"),
    ("denied", "p.refused", 0, "p.refused IS NOT NULL"),
    ("moved", "p.modified", -1, "p.connected IS NOT NULL AND p.state = 'moved'"),
    ("revoked", "p.modified", -1, "p.connected IS NOT NULL AND p.state IN ('revoked', 'closed')"),
)


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("id", _ID, nullable=False),
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("unit_id", _ID, nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.ForeignKeyConstraint(["environment_id"], ["environment.id"], name=op.f("fk_tally_environment_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tally_person_id"), ondelete="SET NULL"
        ),
        sa.UniqueConstraint(
            "environment_id", "person_id", "month", "what", name=op.f("uq_tally_environment_id")
        ),
    )
    op.create_index(op.f("ix_tally_person_id"), "tally", ["person_id"])
    op.create_table(
        "traffic",
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("host", sa.String(length=10), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("media", sa.String(length=60), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_traffic_environment_id")
        ),
        sa.UniqueConstraint(
            "environment_id", "method", "host", "path", "media", "status", "code",
            name=op.f("uq_traffic_environment_id"),
        ),
    )  # fmt: skip
    month = _MONTH[op.get_bind().dialect.name]
    into = "INSERT INTO tally (environment_id, person_id, unit_id, month, what, count, delta)"
    for what, time, delta, where in _BEFORE:
        told = f"'{what}', 1, {delta}"
        op.execute(
            f"{into} SELECT p.environment_id, p.id, p.unit_id, {month.format(time=time)}, {told} "  # noqa: S608
            f"FROM person p WHERE {where}"
        )
    on_record = month.format(time="a.modified")
    op.execute(
        f"{into} SELECT p.environment_id, p.id, p.unit_id, {on_record}, 'in-record', count(*), count(*) "  # noqa: S608
        "FROM assertion a JOIN person p ON p.environment_id = a.environment_id AND p.orcid = a.orcid "
        f"WHERE a.put_code IS NOT NULL GROUP BY p.environment_id, p.id, p.unit_id, {on_record}"
    )
