"""The statements that go with schema.sql; everything in them is a constant, values come as parameters."""

from __future__ import annotations

import sqlite3
from importlib.resources import files

SCHEMA_VERSION = 4
APPLICATION_ID = 0x5469654F  # "TieO", in the file's header: tells our files from any other SQLite file

FACT_COLUMNS = (
    "label, concept, value, unit, scale, period_key, period_end, months, period_start, fiscal_year, "
    "fiscal_quarter, span, origin, printed, dimensions, statement, table_id, table_row"
)
PASSAGE_COLUMNS = "passage_id, kind, context, text, span, section, table_id, row_start, row_end"
_FILING_COLUMNS = (
    "collection, id, source, source_path, suffix, media_type, identity, sections, warnings, "
    "page_count, table_count, fact_count, passage_count, first_passage, digest, added_at"
)


def _insertion(table: str, columns: str) -> str:
    places = ", ".join("?" for _ in columns.split(","))
    return f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - constants


INSERT_FILING = _insertion("filings", _FILING_COLUMNS)
INSERT_PAGE = _insertion("pages", "filing, page, body")
INSERT_TABLE = _insertion("tables", "filing, id, statement, body")
INSERT_FACT = _insertion("facts", f"filing, {FACT_COLUMNS}")
INSERT_PASSAGE = _insertion("passages", f"filing, {PASSAGE_COLUMNS}")
INSERT_VECTOR = _insertion("vectors", "passage, vector")
INSERT_ENTRY = _insertion("journal", "at, kind, payload, scope, filings")

SELECT_FILINGS = """
    SELECT id, source, source_path, media_type, page_count, table_count, fact_count, passage_count, added_at,
        identity, warnings, collections.name
    FROM filings JOIN collections ON collections.key = filings.collection ORDER BY filings.key
"""
SELECT_PAGE = "SELECT body FROM pages WHERE filing = ? AND page = ?"
SELECT_TABLE = "SELECT body FROM tables WHERE filing = ? AND id = ?"
SELECT_TABLES = "SELECT body FROM tables WHERE filing = ?1 AND (?2 IS NULL OR statement = ?2) ORDER BY position"

_PASSAGES = f"""
    SELECT passages.id, filings.id, {PASSAGE_COLUMNS}
    FROM passages JOIN filings ON filings.key = passages.filing
"""  # noqa: S608 - constants
SELECT_PASSAGES = f"{_PASSAGES} WHERE passages.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
SELECT_PROSE = f"{_PASSAGES} WHERE filings.id = ? AND passages.table_id IS NULL ORDER BY passages.id"
SELECT_NEIGHBOURS = f"{_PASSAGES} WHERE filings.id = ? AND passages.id BETWEEN ? AND ? ORDER BY passages.id"

SELECT_OF_TABLES = f"""
    SELECT passages.id, filings.id, {PASSAGE_COLUMNS} FROM json_each(?) AS named
    CROSS JOIN filings ON filings.id = json_extract(named.value, '$[0]')
    CROSS JOIN passages ON passages.filing = filings.key AND passages.table_id = json_extract(named.value, '$[1]')
"""  # noqa: S608 - constants
SELECT_STATEMENTS = """
    SELECT filings.id, tables.id, tables.statement FROM tables JOIN filings ON filings.key = tables.filing
    WHERE tables.statement IS NOT NULL AND filings.id IN (SELECT value FROM json_each(?))
"""

SELECT_STATING = """
    SELECT passages.id, facts.concept, facts.statement, facts.dimensions <> '[]' FROM filings
    CROSS JOIN facts ON facts.filing = filings.key
    CROSS JOIN passages ON passages.filing = filings.key AND passages.table_id = facts.table_id
        AND passages.row_start <= facts.table_row AND facts.table_row < passages.row_end
    WHERE filings.id IN (SELECT value FROM json_each(?)) AND facts.concept IN (SELECT value FROM json_each(?))
        AND facts.period_key IN (SELECT value FROM json_each(?))
"""

CHOSEN_FILINGS = "filings.id IN (SELECT value FROM json_each(?))"
CHOSEN_CONCEPTS = "facts.concept IN (SELECT value FROM json_each(?))"
CHOSEN_PERIODS = "facts.period_key IN (SELECT value FROM json_each(?))"
CHOSEN_LABELS = "facts.label LIKE ?"
_FACTS = f"""
    SELECT facts.id, filings.id, {FACT_COLUMNS}
    FROM facts JOIN filings ON filings.key = facts.filing
"""  # noqa: S608 - constants

COUNT_ALL = "SELECT coalesce(sum(passage_count), 0) FROM filings"
COUNT_CHOSEN = f"{COUNT_ALL} WHERE {CHOSEN_FILINGS}"


def select_facts(conditions: list[str]) -> str:
    """Return the statement that finds facts which meet all of the CHOSEN conditions, up to a limit."""
    condition = " AND ".join(["TRUE", *conditions])
    return f"{_FACTS} WHERE {condition} ORDER BY facts.id LIMIT ?"


SELECT_RANGES = "SELECT collection, first_passage, passage_count FROM filings"
SELECT_CHOSEN_RANGES = f"{SELECT_RANGES} WHERE {CHOSEN_FILINGS}"


def creation_script() -> str:
    """Return the script that makes an empty library, in one transaction, where there is none."""
    schema = files("index").joinpath("schema.sql").read_text(encoding="utf-8")
    header = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
    return f"BEGIN IMMEDIATE;\n{schema}\n{header}\nCOMMIT;"


def creation_statements() -> list[str]:
    """Return the statements of schema.sql one by one, for use within a transaction that does more."""
    statements, begun = [], ""
    for line in files("index").joinpath("schema.sql").read_text(encoding="utf-8").splitlines():
        begun += f"{line}\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements


TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 splits a text: ``10-K`` and ``R&D`` are two words each; porter lets ``expense`` find ``expenses``."""


def words_script(key: int) -> tuple[str, str, str]:
    """Return the statements that make the table of words of the collection with that key.

    It keeps no copy of the text: it reads it from the passages. A search for ``10-K`` is one for its two
    words in a row. ``terms`` is a view of FTS5 on the same index: the places of each word.
    """
    content = f"""
        CREATE VIEW IF NOT EXISTS passages_in_{key} AS
        SELECT passages.id, passages.context, passages.text
        FROM passages JOIN filings ON filings.key = passages.filing WHERE filings.collection = {key}
    """  # noqa: S608 - a number
    words = f"""
        CREATE VIRTUAL TABLE IF NOT EXISTS words_{key} USING fts5 (
            context, text, content = 'passages_in_{key}', content_rowid = 'id',
            tokenize = '{TOKENIZER}'
        )
    """
    terms = f"CREATE VIRTUAL TABLE IF NOT EXISTS terms_{key} USING fts5vocab (words_{key}, instance)"
    return content, words, terms


def words_in(key: int) -> str:
    """Return the statement that puts a filing's passages into the words of its collection."""
    return (
        f"INSERT INTO words_{key} (rowid, context, text) "  # noqa: S608 - a number
        "SELECT id, context, text FROM passages WHERE filing = ? ORDER BY id"
    )


def words_out(key: int) -> str:
    """Return the statement that takes a filing's passages out of the words of its collection."""
    return (
        f"INSERT INTO words_{key} (words_{key}, rowid, context, text) "  # noqa: S608 - a number
        "SELECT 'delete', id, context, text FROM passages WHERE filing = ? ORDER BY id"
    )


def words_command(key: int, command: str) -> str:
    """Return the statement that gives FTS5 a command: ``optimize``, ``rebuild``."""
    return f"INSERT INTO words_{key} (words_{key}) VALUES ('{command}')"  # noqa: S608 - a number and a constant


def words_check(key: int) -> str:
    """Return the statement that fails where the words are not exactly those of the collection's passages."""
    return f"INSERT INTO words_{key} (words_{key}, rank) VALUES ('integrity-check', 1)"  # noqa: S608 - a number


def words_impacts(key: int) -> str:
    """Return the statement that lists the rowids with an expression and the BM25 of each, in order of rowid."""
    return f"SELECT rowid, -bm25(words_{key}) FROM words_{key} WHERE words_{key} MATCH ? ORDER BY rowid"  # noqa: S608


def words_places(key: int) -> str:
    """Return the statement that lists, in one text, the rowid of each place of a word as the index has it, in order."""
    return f"SELECT group_concat(doc) FROM terms_{key} WHERE term = ?"  # noqa: S608 - a number


def words_lengths(key: int) -> str:
    """Return the statement that lists, each in one text, the rowids in order and FTS5's records of lengths in hex."""
    return f"SELECT group_concat(id), group_concat(hex(sz), '') FROM words_{key}_docsize"  # noqa: S608 - a number
