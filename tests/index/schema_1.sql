-- One library: the only truth on disk. Everything beside it can be rebuilt, except the copies of the sources.

-- What made this library (embedder) and how far it has come (generation, state; see index/store.py).
CREATE TABLE IF NOT EXISTS manifest (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

INSERT OR IGNORE INTO manifest VALUES ('generation', '0'), ('state', '');

-- `key` stands for the filing in every other table: the 64 characters of `id` would double the facts.
CREATE TABLE IF NOT EXISTS filings (
    key           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    source        TEXT NOT NULL,
    source_path   TEXT NOT NULL UNIQUE,
    suffix        TEXT NOT NULL,
    media_type    TEXT NOT NULL,
    identity      TEXT NOT NULL,
    sections      TEXT NOT NULL,
    warnings      TEXT NOT NULL,
    page_count    INTEGER NOT NULL,
    table_count   INTEGER NOT NULL,
    fact_count    INTEGER NOT NULL,
    passage_count INTEGER NOT NULL,
    added_at      TEXT NOT NULL
);

-- `body` is deflated JSON: boxes of lines and cells are long numbers that nobody selects by.
CREATE TABLE IF NOT EXISTS pages (
    filing INTEGER NOT NULL REFERENCES filings (key) ON DELETE CASCADE,
    page   INTEGER NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (filing, page)
);

CREATE TABLE IF NOT EXISTS tables (
    position  INTEGER PRIMARY KEY,
    filing    INTEGER NOT NULL REFERENCES filings (key) ON DELETE CASCADE,
    id        TEXT NOT NULL,
    statement TEXT,
    body      BLOB NOT NULL,
    UNIQUE (filing, id)
);

CREATE TABLE IF NOT EXISTS facts (
    id             INTEGER PRIMARY KEY,
    filing         INTEGER NOT NULL REFERENCES filings (key) ON DELETE CASCADE,
    label          TEXT NOT NULL,
    concept        TEXT,
    value          TEXT NOT NULL,
    unit           TEXT,
    scale          INTEGER NOT NULL,
    period_key     TEXT NOT NULL,
    period_end     TEXT NOT NULL,
    months         INTEGER NOT NULL,
    period_start   TEXT,
    fiscal_year    INTEGER,
    fiscal_quarter INTEGER,
    span           TEXT NOT NULL,
    origin         TEXT NOT NULL,
    printed        TEXT NOT NULL,
    dimensions     TEXT NOT NULL,
    statement      TEXT,
    table_id       TEXT,
    table_row      INTEGER
);
CREATE INDEX IF NOT EXISTS facts_by_filing ON facts (filing, concept);
CREATE INDEX IF NOT EXISTS facts_by_concept ON facts (concept, period_key);

-- AUTOINCREMENT: an id is never given twice, so an id that a search returned names its passage or nothing.
CREATE TABLE IF NOT EXISTS passages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    filing     INTEGER NOT NULL REFERENCES filings (key) ON DELETE CASCADE,
    passage_id TEXT NOT NULL,
    kind       TEXT NOT NULL,
    context    TEXT NOT NULL,
    text       TEXT NOT NULL,
    span       TEXT NOT NULL,
    section    TEXT,
    table_id   TEXT,
    row_start  INTEGER,
    row_end    INTEGER,
    UNIQUE (filing, passage_id)
);

-- Little-endian float32, as embedded: half precision would save 0.7 of the 5 MB of a 160-page filing, and move
-- scores by up to 5e-5, which is enough to order near equals differently from a fresh embedding.
CREATE TABLE IF NOT EXISTS vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector  BLOB NOT NULL
);

-- The words of the passages. It keeps no copy of the text, hence the triggers. `10-K` and `R&D` are two words
-- each, and a search for them is a search for the two in a row; porter lets `expense` find `expenses`.
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    context, text, content = 'passages', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER IF NOT EXISTS passage_added AFTER INSERT ON passages BEGIN
    INSERT INTO words (rowid, context, text) VALUES (new.id, new.context, new.text);
END;
CREATE TRIGGER IF NOT EXISTS passage_removed AFTER DELETE ON passages BEGIN
    INSERT INTO words (words, rowid, context, text) VALUES ('delete', old.id, old.context, old.text);
END;

-- What was asked and answered. The insert trigger stops INSERT OR REPLACE, which is a deletion in disguise.
CREATE TABLE IF NOT EXISTS journal (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      TEXT NOT NULL,
    kind    TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS journal_keeps_entries BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER IF NOT EXISTS journal_keeps_words BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER IF NOT EXISTS journal_keeps_places BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE id = new.id) BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
