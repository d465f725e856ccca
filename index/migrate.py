"""Brings a library that an older Tieout wrote up to the schema of this one, in one transaction."""

from __future__ import annotations

import sqlite3

from index.access import DEFAULT_COLLECTION
from index.digest import content_digest
from index.schema import SCHEMA_VERSION, creation_statements, words_command, words_script

_FILINGS = (
    "key, id, source, source_path, suffix, media_type, identity, sections, warnings, page_count, table_count, "
    "fact_count, passage_count, added_at"
)
_FIRST = "coalesce((SELECT min(id) FROM passages WHERE passages.filing = filings_1.key), 0)"


def migrate(connection: sqlite3.Connection) -> None:
    """Change the schema where it is an older one; nothing where another process has done so meanwhile."""
    connection.execute("PRAGMA foreign_keys = OFF")  # or dropping a table would empty those that refer to it
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 1:
                _collections(connection)
            if version < SCHEMA_VERSION:
                _additions(connection)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _collections(connection: sqlite3.Connection) -> None:
    """From 1 to 2: every filing comes into the collection ``default``, and the journal is of that scope."""
    (before,) = connection.execute("SELECT value FROM manifest WHERE name = 'generation'").fetchone()
    (state,) = connection.execute("SELECT value FROM manifest WHERE name = 'state'").fetchone()
    connection.execute("DELETE FROM manifest WHERE name IN ('generation', 'state')")
    for trigger in ("passage_added", "passage_removed", "journal_keeps_entries", "journal_keeps_words"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("DROP TRIGGER journal_keeps_places")
    connection.execute("DROP TABLE words")
    connection.execute("PRAGMA legacy_alter_table = ON")  # what refers to the tables is to refer to the new ones
    connection.execute("ALTER TABLE filings RENAME TO filings_1")
    connection.execute("ALTER TABLE journal RENAME TO journal_1")
    connection.execute("PRAGMA legacy_alter_table = OFF")
    for statement in creation_statements():
        connection.execute(statement)
    key = connection.execute(
        "INSERT INTO collections (name, generation, state) VALUES (?, ?, ?)", (DEFAULT_COLLECTION, int(before), state)
    ).lastrowid
    assert key is not None  # noqa: S101 - an insertion has one
    if state:
        connection.execute("INSERT INTO history VALUES (?, ?)", (key, state))
    columns = f"{_FILINGS}, collection, first_passage, digest"
    copied = f"INSERT INTO filings ({columns}) SELECT {_FILINGS}, ?, {_FIRST}, '' FROM filings_1"  # noqa: S608
    connection.execute(copied, (key,))
    connection.execute(
        "INSERT INTO journal SELECT id, at, kind, payload, json_array(?), '[]', NULL FROM journal_1",
        (DEFAULT_COLLECTION,),
    )
    connection.execute("DROP TABLE filings_1")
    connection.execute("DROP TABLE journal_1")
    for (filing,) in connection.execute("SELECT key FROM filings").fetchall():
        digest = content_digest(connection, filing)
        connection.execute("UPDATE filings SET digest = ? WHERE key = ?", (digest, filing))
    for statement in words_script(key):
        connection.execute(statement)
    connection.execute(words_command(key, "rebuild"))


def _additions(connection: sqlite3.Connection) -> None:
    """From 2 to 3: the places of each word can be read. From 3 to 4: passages by table, tables by statement."""
    for statement in creation_statements():
        connection.execute(statement)
    for (key,) in connection.execute("SELECT key FROM collections").fetchall():
        for statement in words_script(key):
            connection.execute(statement)
