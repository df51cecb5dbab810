"""Schema changes with Alembic, without its env.py: a package of migration files and two functions.

A migration file lies in the package itself (`registry/migrations/m0001_first.py`) and is an ordinary Alembic
revision with `revision`, `down_revision`, `upgrade()` and `downgrade()`.
"""

import importlib.util
import io
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from laelia.lib.database import Database

_ONE_AT_A_TIME = threading.Lock()  # Alembic's `op` is one per process
_LOCK = 7_365_213  # any number that nothing else in the database locks


class Behind(Exception):
    """The database lacks migrations; the message names the command that runs them."""

    def __init__(self, missing: list[str], command: str) -> None:
        super().__init__(
            f"The database lacks {len(missing)} migration(s) ({', '.join(missing)}). Run: {command}"
        )
        self.missing = missing


def migrate(database: "Database", package: str, to: str = "head") -> None:
    """Bring the tables up to date, or to an earlier revision. Two processes that start at once wait for each
    other."""
    script = _script(package)

    def upgrade(revision: Any, _: Any) -> Any:
        return script._upgrade_revs(to, revision)

    with _ONE_AT_A_TIME, database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(sa.text("select pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        with EnvironmentContext(Config(stdout=io.StringIO()), script, fn=upgrade) as environment:
            environment.configure(
                connection=connection, transactional_ddl=True, transaction_per_migration=False
            )
            environment.run_migrations()


def pending(database: "Database", package: str) -> list[str]:
    """The revisions that the database lacks, oldest first; empty when it is up to date."""
    script = _script(package)
    with database.reading() as connection:
        heads = set(MigrationContext.configure(connection).get_current_heads())
    applied = {each.revision for head in heads for each in script.iterate_revisions(head, "base")}
    return [each.revision for each in reversed(list(script.walk_revisions())) if each.revision not in applied]


def prepare(database: "Database", package: str, command: str) -> None:
    """At start: embedded SQLite migrates itself; on PostgreSQL an operator does, and `Behind` names the
    command.
    """
    if database.dialect == "sqlite":
        migrate(database, package)
    elif missing := pending(database, package):
        raise Behind(missing, command)


def draft(metadata: sa.MetaData, revision: str, message: str, down_revision: str | None = None) -> str:
    """The text of a migration that makes all tables of the metadata from nothing; to be read before it is
    kept.
    """
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        options = {"render_item": _render, "user_module_prefix": None}
        context = MigrationContext.configure(connection, opts=options)
        steps = produce_migrations(context, metadata)
        assert steps.upgrade_ops is not None
        assert steps.downgrade_ops is not None
        # Defaults are written as PostgreSQL wants them (false, not 0); SQLite takes them so, too.
        strict = MigrationContext.configure(dialect_name="postgresql", opts=options)
        up = render_python_code(steps.upgrade_ops, render_item=_render, migration_context=strict)
        down = render_python_code(steps.downgrade_ops, render_item=_render, migration_context=strict)
    lines = [f'"""{message}"""', "", "import sqlalchemy as sa", "from alembic import op", ""]
    lines += [f'revision = "{revision}"', f"down_revision = {down_revision!r}", "", ""]
    lines += ["def upgrade() -> None:", f"    {up}", "", "", "def downgrade() -> None:", f"    {down}", ""]
    return "\n".join(line.rstrip() for line in "\n".join(lines).splitlines() if "# ###" not in line) + "\n"


def _render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Our own column types are written as what they are in the database."""
    if kind != "type":
        return False
    if isinstance(item, sa.types.TypeDecorator):
        return "sa.Text()"
    if isinstance(item, sa.BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    if isinstance(item, sa.Text) and item.collation:
        return f'sa.Text(collation="{item.collation}").with_variant(sa.Text(), "sqlite")'
    return False


def _script(package: str) -> ScriptDirectory:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"{package} is not a package of migrations")
    folder = str(Path(next(iter(spec.submodule_search_locations))))
    return ScriptDirectory(folder, version_locations=[folder])
