"""A digest of all that a library keeps of a filing, so that a change of any of it by anything but us is noticed."""

from __future__ import annotations

import hashlib
import sqlite3

_PARTS = (
    "SELECT identity, sections, warnings FROM main.filings WHERE key = ?",
    "SELECT page, body FROM main.pages WHERE filing = ? ORDER BY page",
    "SELECT id, statement, body FROM main.tables WHERE filing = ? ORDER BY position",
    "SELECT * FROM main.facts WHERE filing = ? ORDER BY id",
    "SELECT * FROM main.passages WHERE filing = ? ORDER BY id",
)


def content_digest(connection: sqlite3.Connection, key: int) -> str:
    """Return the SHA-256, in hex, of the rows of the filing with that key; vectors are not among them."""
    digest = hashlib.sha256()
    for statement in _PARTS:
        for row in connection.execute(statement, (key,)):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
