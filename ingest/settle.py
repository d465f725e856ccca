"""Facts of one filing are settled with one another: the statements decide what their own lines are.

A note that lists "Cost of sales 48" among the parts of another expense, a segment's "Net sales" and an adjusted
"Net income" carry the labels of lines of the statements and are other figures. Where such a row differs from
the line in its statement, for the same period, it keeps its label and loses its concept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ingest.filing import Fact, Period
from ingest.vocabulary import Vocabulary

_Line = tuple[str, Period, str | None]
_Row = tuple[str | None, int | None]


def half_of_last_digit(fact: Fact) -> Decimal:
    """Return by how much a value may be off for having been rounded: half a unit of its last printed digit."""
    match = re.search(r"\.(\d+)", fact.printed)
    return Decimal(5).scaleb(fact.scale - 1 - (len(match[1]) if match else 0))


def agree(one: Fact, other: Fact) -> bool:
    """Whether two facts state the same value, each as it is rounded."""
    return abs(one.value - other.value) <= half_of_last_digit(one) + half_of_last_digit(other)


def settle(facts: Iterable[Fact], vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts, without the concepts of untagged rows that differ from the line in its own statement.

    Of a table that is no statement and in which more rows differ than agree, every row loses its concept
    that does not agree. Tagged facts and facts with dimensions stay as they are.
    """
    facts = tuple(facts)
    lines = _lines_of_statements(facts, vocabulary)
    differ, same = _compared(facts, lines, vocabulary)
    by_table: Counter[str | None] = Counter()
    for table, _ in differ:
        by_table[table] += 1
    for table, _ in same - differ:
        by_table[table] -= 1
    return tuple(
        replace(fact, concept=None)
        if _is_open(fact)
        and (
            (fact.table, fact.row) in differ
            or (fact.statement is None and by_table[fact.table] > 0 and (fact.table, fact.row) not in same)
        )
        else fact
        for fact in facts
    )


def _is_open(fact: Fact) -> bool:
    return fact.origin == "table" and fact.concept is not None and not fact.dimensions


def _lines_of_statements(facts: Iterable[Fact], vocabulary: Vocabulary) -> dict[_Line, Fact]:
    """The first fact of each line in the statement that its concept lives in; full statements come first."""
    found: dict[_Line, Fact] = {}
    for fact in facts:
        concept = vocabulary.by_tag(fact.concept) if fact.concept else None
        if concept is not None and not fact.dimensions and fact.statement == concept.statement:
            found.setdefault((concept.tags[0], fact.period, fact.unit), fact)
    return found


def _compared(facts: Iterable[Fact], lines: dict[_Line, Fact], vocabulary: Vocabulary) -> tuple[set[_Row], set[_Row]]:
    """The rows that differ from a line of a statement, and those that agree with one."""
    differ: set[_Row] = set()
    same: set[_Row] = set()
    for fact in facts:
        concept = vocabulary.by_tag(fact.concept) if fact.concept else None
        if concept is None or not _is_open(fact):
            continue
        line = lines.get((concept.tags[0], fact.period, fact.unit))
        if line is not None and (line.table, line.row) != (fact.table, fact.row):
            (same if agree(line, fact) else differ).add((fact.table, fact.row))
    return differ, same
