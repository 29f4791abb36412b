"""Run by Alembic: applies the steps on the connection, and in the transaction, that it is handed."""

from alembic import context
from sqlalchemy import Connection

from prompts.record.schema import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    # SQLite alters a table by copying it.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
