"""Runs the migrations in one transaction on the database that the caller names: all of them, or none."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event

from store.schema import metadata

engine = create_engine(context.config.attributes["url"])


@event.listens_for(engine, "connect")
def leave_transactions_to_us(connection: Any, _record: object) -> None:
    """Keep the driver, which begins none before it makes a table, from ending or beginning any."""
    connection.isolation_level = None


@event.listens_for(engine, "begin")
def begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
