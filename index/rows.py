"""Which printed rows say what a question says: by label, headings, column and what the table is of, word for word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.query import find_things
from index.wording import names_of
from ingest.dates import MONTHS
from ingest.filing import Cell, Row, Table
from ingest.vocabulary import Concept, Vocabulary, loose_label, normalise_label

_NEUTRAL = frozenset(
    ("total", "net", "of", "the", "&", "in", "for", "by", "from", "to", "on", "a", "an", "our", "its", "at", "as", "/")
)
"""Words of a label that change nothing about what it is."""
_KINDS = frozenset(
    ("segment", "division", "category", "region", "geographic", "geography", "geographical", "reportable", "business")
)
"""Words for the kind of part that is asked for: "the Consumer segment" is printed as "Consumer"."""
_WHOLE = frozenset(("consolidated", "company", "combined"))
_TIME = re.compile(
    r"\d+|fy\d*|q[1-4]|year|quarter|month|week|period|ended|ending|end|fiscal|three|six|nine|twelve|first|second|third"
    r"|fourth|million|thousand|billion|usd|dollar|amount|except|per|share|data|unaudited|audited|and|"
    + "|".join(f"{month}[a-z]*" for month in MONTHS),
    re.IGNORECASE,
)
_SIDES = re.compile(r"\b(?:inter[\s-]?(?:segment|company)|external|unaffiliated|affiliates)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:change|increase|decrease|effect|impact|adjust|reconcil|eliminat|pro forma|hypothetical|remaining|expected"
    r"|backlog|growth|variance|currency|percent|ratio)",
    re.IGNORECASE,
)
"""What makes a title that names a measure one of something else about it."""


Stated = Literal["row", "total", "title"]


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row has to say: words, the measure (if one is known) and its names; ``kinds`` may stand about it.

    ``allowed`` are the words that it may say: all that the question does.
    """

    words: frozenset[str]
    kinds: frozenset[str]
    allowed: frozenset[str]
    measure: Concept | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One figure of a row that has all the words.

    ``exact`` is whether the row says nothing else, ``stated`` what says of which measure it is: the row itself, the
    total below it, or the title of the table or the sentence before it.
    """

    table: Table
    number: int
    row: Row
    cell: Cell
    exact: bool
    stated: Stated

    @property
    def part(self) -> str:
        """What the head of the column says besides a time and a scale: a segment, a region."""
        lines = self.table.columns[self.cell.column].header
        return " ".join(line for line in lines if any(not _TIME.fullmatch(word) for word in tokens(line)))


def row_words(words: Sequence[str], measure: Concept | None, question: str) -> RowWords:
    """Return what a row has to say for a question that says ``words`` of ``measure``."""
    said = {word for text in words for word in tokens(text)}
    names = sorted(names_of(measure), key=len, reverse=True) if measure else ()
    allowed = tokens(question) | _KINDS
    return RowWords(frozenset(said - _KINDS), frozenset(said & _KINDS), allowed, measure, tuple(names))


@lru_cache(maxsize=1 << 15)
def tokens(text: str) -> frozenset[str]:
    """The words of a text as they are compared: in the singular, without those that change nothing."""
    return frozenset(word for word in loose_label(normalise_label(text)).split() if word not in _NEUTRAL)


def matching_cells(
    table: Table,
    wanted: RowWords,
    vocabulary: Vocabulary,
    about: Callable[[Table], str],
    fits: Callable[[Cell], bool],
) -> Iterator[PrintedCell]:
    """Yield the figures that fit and whose label, headings and column have all the words wanted, and the measure.

    The measure may be said by the row, by the total below it, by the title of the table or by the sentence that
    leads to it, where they speak of nothing else; ``about`` gives that sentence.
    """
    heads = [" ".join(column.header) for column in table.columns]
    columns = [tokens(head) for head in heads]
    for number, row in enumerate(table.rows):
        own = tokens(row.label).union(*map(tokens, row.path))
        for cell in row.cells:
            if cell.value is None or not wanted.words <= own | columns[cell.column] or not fits(cell):
                continue
            head = heads[cell.column]
            stated = _where_stated(table, number, head, wanted, vocabulary, about)
            if stated is not None:
                exact = _says_no_more(table, row, head, wanted) and not _shares_label(table, number)
                yield PrintedCell(table, number, row, cell, exact, stated)


def _where_stated(
    table: Table, number: int, head: str, wanted: RowWords, vocabulary: Vocabulary, about: Callable[[Table], str]
) -> Stated | None:
    """Where it is said what the row is a figure of, if that is the measure that is wanted."""
    row = table.rows[number]
    total = _total_below(table, number)
    if wanted.measure is None:
        return "row" if table.statement is not None or _stands_alone(row, total, wanted) else None
    if any(_names(text, vocabulary) == {wanted.measure.key} for text in (row.label, *row.path, head)):
        return "row"
    if any(_names(text, vocabulary) for text in row.path):
        return None
    if total is not None and not _is_bare(total):
        return "total" if _is_of(total, wanted, vocabulary) else None
    return "title" if any(_is_of(text, wanted, vocabulary) for text in (table.title, about(table))) else None


def _says_no_more(table: Table, row: Row, head: str, wanted: RowWords) -> bool:
    """Whether label, column and headings have no word that was not asked for; a statement's headings only group.

    Words in a cell of the row, as a region in a column of its own, are part of its label.
    """
    texts = [row.label, *(cell.text for cell in row.cells if cell.value is None and _has_words(cell.text))]
    heads = {word for word in _besides(head, wanted) if not _TIME.fullmatch(word)}
    grouped = table.statement is not None and wanted.measure is None
    own = frozenset[str]().union(*(_besides(text, wanted) for text in texts))
    return own <= wanted.allowed and heads <= wanted.allowed and (grouped or not words_above(row, wanted))


def words_above(row: Row, wanted: RowWords) -> frozenset[str]:
    """The words of a row's headings that were not asked for, nor are a time."""
    path = frozenset[str]().union(*(_besides(heading, wanted) for heading in row.path))
    return frozenset(word for word in path - wanted.allowed if not _TIME.fullmatch(word))


def tells_sides_apart(table: Table, column: int) -> bool:
    """Whether the rows of a column tell amounts with outsiders from amounts within the company: either may be meant."""
    labels = (row.label for row in table.rows if any(cell.column == column for cell in row.cells))
    return any(_SIDES.search(label) for label in labels)


def _has_words(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2}", text))


def _shares_label(table: Table, number: int) -> bool:
    """Whether the line above or below has figures and no label: one label may then stand for several lines."""
    beside = table.rows[max(number - 1, 0) : number + 2]
    return any(not row.label.strip() and any(cell.value is not None for cell in row.cells) for row in beside)


def _besides(text: str, wanted: RowWords) -> frozenset[str]:
    """The words of a text without the names of the measure."""
    plain = f" {normalise_label(text)} "
    for name in wanted.names:
        plain = plain.replace(f" {name} ", " ")
    return tokens(plain)


def _names(text: str, vocabulary: Vocabulary) -> set[str]:
    return {thing.key for thing in find_things(text, vocabulary)}


def _is_of(text: str, wanted: RowWords, vocabulary: Vocabulary) -> bool:
    """Whether a title or a total speaks of the measure that is wanted and of no other."""
    if not text or wanted.measure is None or _CHANGES.search(text):
        return False
    return _names(text, vocabulary) == {wanted.measure.key}


def _total_below(table: Table, number: int) -> str | None:
    """The label of the total that the row goes into: the next one below, before another heading begins."""
    for row in table.rows[number + 1 :]:
        if not any(cell.value is not None for cell in row.cells):
            if row.label and row.path == ():
                return None
            continue
        plain = normalise_label(row.label).split()
        if plain and (plain[0] == "total" or plain[0] in _WHOLE):
            return row.label
    return None


def _is_bare(total: str) -> bool:
    return not tokens(total) - _WHOLE


def _stands_alone(row: Row, total: str | None, wanted: RowWords) -> bool:
    """Whether a row of a note says by itself what it is: more than one word, and part of no total of something else."""
    return len(tokens(row.label)) > 1 and (total is None or (not _is_bare(total) and tokens(total) <= wanted.words))
