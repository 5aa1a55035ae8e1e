"""Notes, and what the worker finds out about them."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE notes (
            id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            text        text NOT NULL CHECK (text <> ''),
            attachments text[] NOT NULL DEFAULT '{}',
            created_at  timestamptz NOT NULL DEFAULT now(),
            words       integer
        )
    """)
    op.execute("CREATE INDEX notes_to_count ON notes (id) WHERE words IS NULL")


def downgrade() -> None:
    op.execute("DROP TABLE notes")
