"""What the declarations of the hub's tables share."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a rowid only to a column declared exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def of_environment() -> Column[int]:
    return Column("environment_id", Id, ForeignKey("environment.id"), nullable=False)
