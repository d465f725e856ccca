"""The door for HTML: the bytes of an EDGAR filing or any other web page become a Document."""

from __future__ import annotations

from ingest.document import Document
from ingest.errors import DamagedFileError, UnsupportedFileError
from ingest.htm.flow import read_printed
from ingest.htm.ixbrl import read_tagged
from ingest.htm.markup import Markup
from ingest.htm.parse import parse_html


def read_html(data: bytes) -> Document:
    """Read an HTML filing, with or without inline XBRL.

    Pages end where the file breaks them (612 × 792 points; a file without breaks is one page), and carry
    the number that is printed on them. Every table with numbers becomes a RawTable whose cells are found
    in the page text at their ``chars``. Tagged facts carry full values. What could not be read is in
    ``warnings``. Raises UnsupportedFileError, DamagedFileError or OversizedFileError.
    """
    parsed = parse_html(data)
    markup = Markup.of(parsed.root)
    if markup.names.of(parsed.root) == "xbrli:xbrl":
        raise UnsupportedFileError("the file is an XBRL instance without printed text: give the HTML filing")
    printed = read_printed(markup)
    if not printed.pages[0].text:
        raise DamagedFileError("the file prints no text at all: fetch it again")
    tagged = read_tagged(markup, printed)
    return Document(
        media_type="text/html",
        pages=printed.pages,
        tables=printed.tables,
        facts=tagged.facts,
        cover=tagged.cover,
        warnings=parsed.warnings + tagged.warnings,
    )
