"""How alembic gets at the database: `notes.migrate` hands the connection over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
