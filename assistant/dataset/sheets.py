"""The sheets that questions are asked over: what the search brings, and the rows of one table with its page's text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from assistant.plan import make_plan
from assistant.sheet import sheet_line
from index.contract import Embedder, FilingRecord
from index.evidence import Evidence, EvidenceLine, Search
from index.printed import find_printed
from index.query import understand
from index.search import row_line, search, sentence_lines
from index.view import View
from ingest.filing import Table
from ingest.vocabulary import Vocabulary
from model.prompt import line_content

MOST_TOKENS = 340
"""About so many tokens a sheet may have."""
MOST_LINES, FEWEST_ROWS = 14, 2
MOST_SENTENCES, SENTENCE_TOKENS, LONG_SENTENCE_TOKENS = 2, 70, 110
WITHHELD = 0.6
"""Share of the sheets from which rows are held back, to be asked for in vain."""
SHUFFLED = 0.3
"""Share of the sheets whose lines stand in another order than they were found in."""
REACH = 2
"""Passages before and after a table that count as its page's text."""
_NO_QUESTION = understand("", (), Vocabulary({}, {}))
_TOKEN = re.compile(r"\d|[A-Za-z]{1,6}|[^\sA-Za-z\d]")


@dataclass(frozen=True)
class Sheet:
    """Evidence for questions; ``columns`` is whether it tells what its columns without a period are.

    ``withheld`` are lines that the place has and the sheet has not: what is asked of them is not reported here.
    """

    evidence: Evidence
    companies: tuple[str, ...]
    columns: bool
    kind: str
    withheld: tuple[EvidenceLine, ...] = ()


def tokens_of(line: EvidenceLine) -> int:
    """About how many tokens a line is to a model that reads digit by digit; words count one for six letters."""
    return len(_TOKEN.findall(line_content(sheet_line(line), ())))


def found_sheet(
    question: str,
    filings: Sequence[FilingRecord],
    library: View,
    embedder: Embedder,
    vocabulary: Vocabulary,
    rng: Random,
    *,
    rows: int = FEWEST_ROWS,
) -> Sheet | None:
    """Return the sheet that a question's search brings: the best lines that there is room for.

    None where fewer than ``rows`` of them are rows; where none need be, longer sentences are let in.
    """
    query = understand(question, filings, vocabulary)
    plan = make_plan(query, vocabulary)
    printed = find_printed(query, library, vocabulary)
    near = printed.lines or printed.near
    evidence = search(query, library, embedder, wanted=plan.wanted if plan else (), near=near)
    longest = SENTENCE_TOKENS if rows else LONG_SENTENCE_TOKENS
    lines = _fitting([line for line in evidence.lines if line.kind == "row" or tokens_of(line) <= longest])
    return _sheet(replace(evidence, lines=lines), lines, rng, rows, columns=False, kind="found" if rows else "prose")


def page_sheets(filing: FilingRecord, table_id: str, library: View, rng: Random) -> list[Sheet]:
    """Return sheets of one table's rows in order, each with sentences that stand around the table."""
    table = library.table(filing.id, table_id)
    rows = _with_short_columns([row_line(table, row, filing) for row in table.rows if row.cells and row.label], table)
    rows = [line for line in rows if line.cells and len(line.cells) <= MOST_LINES]
    sentences = _sentences_around(filing, table_id, library)
    heads = _columns_line(rows)
    sheets = []
    while rows:
        top = [heads] if heads is not None else []
        room = MOST_LINES - len(top) - MOST_SENTENCES
        part = list(_fitting([*top, *rows[:room]], MOST_TOKENS - SENTENCE_TOKENS))[len(top) :] or rows[:1]
        rows = rows[len(part) :]
        said = rng.sample(sentences, min(len(sentences), rng.randint(0, MOST_SENTENCES)))
        lines = _fitting([*top, *part, *said])
        evidence = Evidence(_NO_QUESTION, lines, Search(len(lines), len(lines), "the page"))
        sheet = _sheet(evidence, lines, rng, FEWEST_ROWS, columns=heads is not None, kind="page")
        if sheet is not None:
            sheets.append(sheet)
    return sheets


def _sheet(
    evidence: Evidence, lines: Sequence[EvidenceLine], rng: Random, least: int, *, columns: bool, kind: str
) -> Sheet | None:
    """A sheet of the lines, one or two rows of which may be held back; None where fewer than ``least`` are rows."""
    rows = [line for line in lines if line.kind == "row"]
    if len(rows) < least or not lines:
        return None
    withheld: list[EvidenceLine] = []
    if len({line.company for line in rows}) > 1:
        # What two companies are compared by was searched for, and stays.
        rows = [line for line in rows if line.concept is None]
    if least and len(rows) > least + 1 and rng.random() < WITHHELD:
        withheld = rng.sample(rows, 1 if len(rows) < 8 else 2)
    kept = [line for line in lines if line not in withheld]
    if rng.random() < SHUFFLED:
        head = kept[:1] if columns else []
        rest = kept[len(head) :]
        rng.shuffle(rest)
        kept = [*head, *rest]
    numbered = tuple(replace(line, id=f"E{number}") for number, line in enumerate(kept, start=1))
    companies = tuple(dict.fromkeys(line.company for line in numbered if line.company is not None))
    return Sheet(replace(evidence, lines=numbered), companies, columns, kind, tuple(withheld))


def _fitting(lines: Sequence[EvidenceLine], most: int = MOST_TOKENS) -> tuple[EvidenceLine, ...]:
    """The lines, from the first, that there is room for; one that is too long is left out."""
    kept: list[EvidenceLine] = []
    room = most
    for line in lines:
        taken = tokens_of(replace(line, id="E10"))
        if taken <= room and len(kept) < MOST_LINES:
            kept.append(line)
            room -= taken
    return tuple(kept)


def _is_short(line: EvidenceLine) -> bool:
    return tokens_of(line) <= SENTENCE_TOKENS


def _sentences_around(filing: FilingRecord, table_id: str, library: View) -> list[EvidenceLine]:
    """The short sentences of the passages around a table, each once."""
    found: dict[str, EvidenceLine] = {}
    for record in library.passages_of_tables([(filing.id, table_id)]):
        for near in library.neighbours(record, REACH):
            if near.passage.table is None and near.filing_id == filing.id:
                found |= {line.label: line for line in sentence_lines(near, filing) if _is_short(line)}
    return [found[label] for label in sorted(found)]


def _with_short_columns(rows: Sequence[EvidenceLine], table: Table) -> list[EvidenceLine]:
    """The rows with their columns called by the lowest line of the heading alone, where that tells them apart."""
    lowest = {column.index: column.header[-1] for column in table.columns if column.header}
    names = Counter(name for index, name in lowest.items() if table.columns[index].period is None)
    short = {" ".join(table.columns[index].header): name for index, name in lowest.items() if names[name] == 1}
    return [
        replace(line, cells=tuple(replace(c, column=short.get(c.column, c.column)) for c in line.cells))
        for line in rows
    ]


def _columns_line(rows: Sequence[EvidenceLine]) -> EvidenceLine | None:
    """The line that tells which column is which, where some go by number: as sheets of a page have it."""
    heads = {cell.key: cell.column for line in rows for cell in line.cells if cell.key.startswith("c") and cell.column}
    if not heads:
        return None
    told = "; ".join(f"{key}: {heads[key]}" for key in sorted(heads, key=lambda key: int(key[1:])))
    return replace(rows[0], id="", kind="sentence", label=f"Columns: {told}", path=(), cells=())
