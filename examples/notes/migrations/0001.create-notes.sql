-- Notes, and what the worker finds out about them.

CREATE TABLE notes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text        text NOT NULL CHECK (text <> ''),
    attachments text[] NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now(),
    words       integer
);

CREATE INDEX notes_to_count ON notes (id) WHERE words IS NULL;
