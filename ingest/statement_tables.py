"""Which statement each table is of: the one in whose section it stands, and by its title only where that tells more.

A title alone names a statement in many places: over a note on what stands in the balance sheet, in the index of
exhibits, over the schedule of a parent. The sections know where the filing's own statements are printed whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.columns import header_rows
from ingest.document import RawRow, RawTable
from ingest.filing import Section, Statement
from ingest.statements import statement_of
from ingest.structure.statement_rows import is_whole, kinds_of_rows

REPEATED = 0.3
"""An untitled table that repeats more than this share of the labels above it is about a part of what they say."""
_PARENTHETICAL = re.compile(r"\bparenthetical\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Home:
    """The statement that a table is of, and the one that it reads like.

    The balance sheet of the parent alone is no statement of the filing, and has balances all the same.
    """

    statement: Statement | None
    like: Statement | None


def homes_of(raw_tables: Sequence[RawTable], sections: Iterable[Section] = ()) -> list[Home]:
    """Return the statement that each table is of, in their order; none for the tables of text and notes.

    Outside of the sections of statements the title counts where no section is of the statement that it names, as
    in a file without any, and where it says that the table is parenthetical to one.
    """
    homes = tuple(_statements_in(sections))
    known = {home.statement for home in homes}
    labels: dict[int, set[str]] = {}
    found: list[Home] = []
    for raw in raw_tables:
        titles = titles_of(raw)
        named = statement_of(titles)
        inside = [number for number, home in enumerate(homes) if _stands_in(raw, home)]
        kinds = [statement for number in inside if (statement := homes[number].statement) is not None]
        if kinds:
            own = named if named in kinds else _likest(kinds, raw)
            seen = labels.setdefault(inside[0], set())
            is_part = own not in (named, "equity") and _repeats(raw, seen)
            found.append(Home(None if is_part else own, own))
            seen.update(_labels(raw))
        elif named not in known or any(_PARENTHETICAL.search(title) for title in titles):
            found.append(Home(named, named))
        else:
            found.append(Home(None, named if named is not None and _is_whole(named, raw) else None))
    return found


def titles_of(raw: RawTable) -> list[str]:
    """The lines that may name a table: its caption and the labels beside its heads, the nearest to its rows last."""
    return [*raw.caption, *(row.label for row in raw.rows[: header_rows(raw.rows)] if row.label)]


def _statements_in(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        if section.kind == "statement":
            yield section
        yield from _statements_in(section.children)


def _stands_in(raw: RawTable, home: Section) -> bool:
    """Whether the first figures of a table stand in a section."""
    first = next((row.cells[0].span for row in raw.rows[header_rows(raw.rows) :] if row.cells), None)
    return first is not None and home.holds(first.page, first.chars[0] if first.chars else 0)


def _figures(raw: RawTable) -> list[RawRow]:
    return [row for row in raw.rows[header_rows(raw.rows) :] if row.cells]


def _labels(raw: RawTable) -> set[str]:
    return {row.label.lower() for row in _figures(raw) if row.label}


def _repeats(raw: RawTable, seen: set[str]) -> bool:
    labels = _labels(raw)
    return len(labels & seen) > REPEATED * len(labels)


def _likest(kinds: Sequence[Statement], raw: RawTable) -> Statement:
    """Of the statements that one section is, that whose kinds of rows a table has most of."""
    rows = [row.label for row in _figures(raw)]
    return max(kinds, key=lambda kind: len(kinds_of_rows(kind, rows)))


def _is_whole(statement: Statement, raw: RawTable) -> bool:
    rows = [row.label for row in _figures(raw)]
    return is_whole(statement, kinds_of_rows(statement, rows), len(rows))
