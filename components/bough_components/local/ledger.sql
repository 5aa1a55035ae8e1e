-- The ledger: entries are added and never changed, whoever asks. May be run again.
CREATE TABLE IF NOT EXISTS entries (
    number bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    -- json and not jsonb: it keeps the very bytes that the hash covers
    entry json NOT NULL,
    hash text NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_facts ON entries USING gin ((entry::jsonb) jsonb_path_ops);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT USAGE ON SCHEMA public TO "bough-ledger";
GRANT SELECT, INSERT ON entries TO "bough-ledger";
