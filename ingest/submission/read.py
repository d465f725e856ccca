"""The door for full submissions: the main document and the exhibits that can be read, with who filed them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.ascii.read import read_ascii
from ingest.document import Document
from ingest.errors import UnreadableFileError, UnsupportedFileError
from ingest.filing import ReadingWarning
from ingest.htm.read import read_html
from ingest.submission.exhibits import exhibit_title
from ingest.submission.forms import read_data_form
from ingest.submission.header import read_header
from ingest.submission.join import joined
from ingest.submission.split import Part, split

MAX_PARTS_READ = 400
"""So many documents of a submission are read; those after them are named in a warning."""

_HTML = re.compile(rb"<(?:html|body|div|font|tr|td|!doctype html)\b", re.IGNORECASE)
_DERIVED = re.compile(r"EX-10[01]\b.*|XML|XBRL|EXCEL|ZIP|JSON|GRAPHIC|PDF")
"""Types of what EDGAR derives from the filing, of its XBRL files, and of pictures and copies."""
_KINDS = (
    (re.compile(r"\.(?:jpe?g|gif|png|bmp|tiff?)$", re.IGNORECASE), "picture"),
    (re.compile(r"\.pdf$", re.IGNORECASE), "PDF copy"),
    (re.compile(r"\.(?:xsd|xml|json)$", re.IGNORECASE), "XBRL file"),
    (re.compile(r"\.xlsx?$", re.IGNORECASE), "spreadsheet of the tagged facts"),
    (re.compile(r"\.zip$", re.IGNORECASE), "ZIP archive"),
    (re.compile(r"R\d+\.html?$"), "page of the tagged facts"),
)


def read_submission(data: bytes) -> Document:
    """Read a full submission: the main document, then each exhibit in HTML or plain text, page after page.

    What the header says is in ``cover`` where the main document has no tag for it. What is not read is
    counted in a warning. Raises UnreadableFileError and its kinds where nothing in it can be read.
    """
    submission = split(data)
    header = read_header(submission.header)
    main = _main_first(submission.parts, header.get("DocumentType", ""))
    read: list[tuple[Document, str, str | None, str]] = []
    left_out: Counter[str] = Counter()
    warnings: list[ReadingWarning] = []
    for number, part in enumerate(main):
        if (number and not _is_printed(part)) or len(read) >= MAX_PARTS_READ:
            left_out[_kind(part)] += 1
            continue
        try:
            document = _read_part(part)
        except UnreadableFileError as error:
            warnings.append(ReadingWarning(f"document {part.sequence} ({_called(part)}) is not read: {error}"))
            continue
        title = exhibit_title(part.type, part.description) if part.is_exhibit else (part.description or part.type)
        read.append((document, part.type, title if number else None, part.file_name or part.type))
    if not read:
        raise UnsupportedFileError(f"no document of the submission can be read: {warnings[0].message}")
    if left_out:
        counts = ", ".join(f"{count} × {kind}" for kind, count in left_out.most_common())
        warnings.append(ReadingWarning(f"not read of the submission: {counts}"))
    whole = joined(read)
    return replace(whole, cover={**header, **whole.cover}, warnings=(*whole.warnings, *warnings))


def _main_first(parts: Sequence[Part], form: str) -> list[Part]:
    """The documents with the main one before the others: the first of the form's type, else the first."""
    main = next((part for part in parts if part.type == form.upper()), None) or next(
        (part for part in parts if not part.is_exhibit), parts[0]
    )
    return [main, *(part for part in parts if part is not main)]


def _is_printed(part: Part) -> bool:
    """Whether a document behind the main one holds printed text that stands nowhere else."""
    derived = _DERIVED.fullmatch(part.type) or part.wrapper in ("XML", "XBRL", "PDF") or _is_encoded(part.data)
    return not derived and bool(part.data.strip())


def _is_encoded(data: bytes) -> bool:
    """Whether the data are a binary file written as text (uuencode)."""
    return re.match(rb"\s*(?:<PDF>\s*)?begin [0-7]{3} ", data[:200]) is not None


def _read_part(part: Part) -> Document:
    if _is_encoded(part.data):
        raise UnsupportedFileError(f"it is a {_kind(part)} written as text")
    if _HTML.search(part.data[:65536]):
        return read_html(part.data)
    if part.data.lstrip()[:5] == b"<?xml" or part.wrapper == "XML":
        return read_data_form(part.data)
    return read_ascii(part.data)


def _kind(part: Part) -> str:
    return next((kind for pattern, kind in _KINDS if pattern.search(part.file_name)), _called(part))


def _called(part: Part) -> str:
    return part.type or part.file_name or "without a type"
