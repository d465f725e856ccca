-- One library: the only truth on disk. Everything beside it can be rebuilt, except the copies of the sources.

-- What made this library (`embedder_…`), and whether removed contents are still to be wiped from free space (`unwiped`).
CREATE TABLE IF NOT EXISTS manifest (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- A collection is what access is given to. Each has its own table of words, words_<key>, and its own file of vectors, so
-- that neither the scores nor the time of a search tell of what stands in another. `generation` counts the changes of
-- its contents, `state` is a hash chained over them (index/store.py).
CREATE TABLE IF NOT EXISTS collections (
    key        INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL DEFAULT 0,
    state      TEXT NOT NULL DEFAULT ''
);

-- The states that a collection has gone through: a cache of one of them can be brought up to date.
CREATE TABLE IF NOT EXISTS history (
    collection INTEGER NOT NULL REFERENCES collections (key) ON DELETE CASCADE,
    state      TEXT NOT NULL,
    PRIMARY KEY (collection, state)
) WITHOUT ROWID;

-- `key` stands for the filing in every other table: the 64 characters of `id` would double the facts. The same content
-- may stand in several collections, for to refuse it in one would tell of the other. The passages of a filing have
-- consecutive ids, from `first_passage` on (0 where there are none). `digest` is of all that is kept of the filing
-- (index/digest.py).
CREATE TABLE IF NOT EXISTS filings (
    key           INTEGER PRIMARY KEY AUTOINCREMENT,
    collection    INTEGER NOT NULL REFERENCES collections (key),
    id            TEXT NOT NULL,
    source        TEXT NOT NULL,
    source_path   TEXT NOT NULL,
    suffix        TEXT NOT NULL,
    media_type    TEXT NOT NULL,
    identity      TEXT NOT NULL,
    sections      TEXT NOT NULL,
    warnings      TEXT NOT NULL,
    page_count    INTEGER NOT NULL,
    table_count   INTEGER NOT NULL,
    fact_count    INTEGER NOT NULL,
    passage_count INTEGER NOT NULL,
    first_passage INTEGER NOT NULL,
    digest        TEXT NOT NULL,
    added_at      TEXT NOT NULL,
    UNIQUE (id, collection),
    UNIQUE (collection, source_path)
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

-- Of the statements, for a search asks for those of many filings at once.
CREATE INDEX IF NOT EXISTS tables_by_statement ON tables (filing, statement, id) WHERE statement IS NOT NULL;

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

CREATE INDEX IF NOT EXISTS passages_by_table ON passages (filing, table_id) WHERE table_id IS NOT NULL;

-- Little-endian float32, as embedded: half precision would save 0.7 of the 5 MB of a 160-page filing, and move
-- scores by up to 5e-5, which is enough to order near equals differently from a fresh embedding.
CREATE TABLE IF NOT EXISTS vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector  BLOB NOT NULL
);

-- Vectors of another embedder in the making: they take the place of the others when all are there (index/reindex.py).
CREATE TABLE IF NOT EXISTS next_vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector  BLOB NOT NULL
);

-- What was asked and answered. `scope` names the collections that the answer could draw on, `filings` the ids of those
-- that it speaks of. An entry may be redacted, once, and not changed otherwise. The insert trigger stops INSERT OR
-- REPLACE, which is a deletion in disguise.
CREATE TABLE IF NOT EXISTS journal (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    scope    TEXT NOT NULL,
    filings  TEXT NOT NULL,
    redacted TEXT
);
CREATE TRIGGER IF NOT EXISTS journal_keeps_entries BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER IF NOT EXISTS journal_keeps_words BEFORE UPDATE ON journal
WHEN new.redacted IS NULL OR old.redacted IS NOT NULL OR new.id <> old.id OR new.at <> old.at OR new.kind <> old.kind
    OR new.scope <> old.scope OR new.filings <> '[]'
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER IF NOT EXISTS journal_keeps_places BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE id = new.id) BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
