"""Pages a second of reading a PDF into a Filing, against plain text extraction by pypdf of the same files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from eval.speeds.measurement import Measurement, against
from ingest.read import read_filing


def measure_parsing(files: Sequence[Path]) -> list[Measurement]:
    """Read each PDF among the files once in each way; nothing is measured where there is none.

    Raises UnreadableFileError for a file that cannot be read.
    """
    documents = [path for path in files if path.suffix.lower() == ".pdf"]
    if not documents:
        return []
    read_filing(documents[0])  # loads what is loaded once
    started = time.perf_counter()
    pages = sum(len(read_filing(path).pages) for path in documents)
    ours = time.perf_counter() - started
    started = time.perf_counter()
    for path in documents:
        extract(path)
    plain = time.perf_counter() - started
    detail = f"{pages} pages of {len(documents)} files, with tables, facts, sections and passages"
    return [against("parse", pages / ours, "pages/s", "pypdf, text alone", pages / plain, detail)]


def extract(path: Path) -> int:
    """Extract the text of each page with pypdf and return how many characters there are."""
    from pypdf import PdfReader

    return sum(len(page.extract_text()) for page in PdfReader(path).pages)
