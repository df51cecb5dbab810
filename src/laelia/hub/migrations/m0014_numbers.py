"""The number of someone who is gone is nobody else's: what still bears it elsewhere means nobody."""

from alembic import op

revision = "0014"
down_revision = "0013"

_GO_WITH_HER = ("invitation", "letter", "connect_session", "waiting")
_ARE_UNTIED = ("upload_row", "tally")


def upgrade() -> None:
    """PostgreSQL gives no number twice. SQLite does, unless the table says otherwise, which only a new one
    can. Dropping the old one would take along what hangs on people, so that is put aside meanwhile."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return
    run = bind.exec_driver_sql
    made = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'person'").scalar_one()
    indexes = (
        run("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'person'").scalars().all()
    )
    for name in _GO_WITH_HER:
        run(f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name}")  # noqa: S608 (our own names)
    for name in _ARE_UNTIED:
        run(
            f"CREATE TEMP TABLE kept_{name} AS SELECT id AS row_id, person_id AS of_person FROM {name} "  # noqa: S608
            "WHERE person_id IS NOT NULL"
        )
    made = made.replace("PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)")
    run(made.replace("CREATE TABLE person", "CREATE TABLE person_anew"))
    run("INSERT INTO person_anew SELECT * FROM person")
    run("DROP TABLE person")
    run("ALTER TABLE person_anew RENAME TO person")
    for index in filter(None, indexes):
        run(index)
    for name in _GO_WITH_HER:
        run(f"INSERT INTO {name} SELECT * FROM kept_{name}")  # noqa: S608
    for name in _ARE_UNTIED:
        run(f"UPDATE {name} SET person_id = of_person FROM kept_{name} WHERE id = row_id")  # noqa: S608
    for name in (*_GO_WITH_HER, *_ARE_UNTIED):
        run(f"DROP TABLE kept_{name}")
