"""What pypdf tells of a PDF besides what is printed: page labels, bookmarks, attachments."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ingest.errors import EncryptedFileError
from ingest.filing import ReadingWarning

MOST_BOOKMARKS = 5_000
"""No filing has more; a file that claims more loses the rest."""
DEEPEST = 12
"""Bookmarks nested deeper than this are left out."""
MOST_NAMES = 10
"""So many attachments are named in a warning."""
LONGEST = 500
"""Characters of a title or a name that are kept."""


@dataclass(frozen=True, slots=True)
class Structure:
    """``labels`` are the printed page labels, if any; ``outline`` is (level from 0, title, page index)."""

    labels: tuple[str, ...] = ()
    outline: tuple[tuple[int, str, int], ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()


def read_structure(data: bytes) -> Structure:
    """Return the structure of a PDF. What pypdf cannot make sense of is a warning, for the text may be fine.

    Attachments are named in a warning and never opened. Raises EncryptedFileError where a password is needed.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFileError("the PDF is encrypted: save a copy without a password and add that")
        labels = tuple(reader.page_labels) if "/PageLabels" in reader.root_object else ()
        outline = tuple(islice(_bookmarks(reader, reader.outline, 0), MOST_BOOKMARKS))
        return Structure(labels, outline, tuple(_attachments(reader)))
    except DependencyError:
        # pypdf needs a library for AES that pdfium has built in: the text is read, and pdfium asks for the password.
        return Structure(warnings=(_unread("the PDF is encrypted with AES"),))
    except EncryptedFileError:
        raise
    except Exception as error:  # Whatever it meets in a malformed file; the pages are read without it.
        return Structure(warnings=(_unread(type(error).__name__),))


def _unread(why: str) -> ReadingWarning:
    return ReadingWarning(f"page labels, bookmarks and attachments cannot be read ({why})")


def _bookmarks(reader: Any, items: Any, level: int) -> Iterator[tuple[int, str, int]]:
    for item in items:
        if isinstance(item, list):
            if level < DEEPEST:
                yield from _bookmarks(reader, item, level + 1)
        else:
            page = reader.get_destination_page_number(item)
            if page is not None and page >= 0:
                yield level, str(item.title)[:LONGEST], page


def _attachments(reader: Any) -> Iterator[ReadingWarning]:
    names = sorted({entry.name[:LONGEST] for entry in islice(reader.attachment_list, MOST_BOOKMARKS)})
    if names:
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        listed = ", ".join(names[:MOST_NAMES])
        yield ReadingWarning(f"files attached to the PDF were not opened: {listed}{more}")
