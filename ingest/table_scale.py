"""The scale of one table: what its caption, its heads and the labels beside them state, else the statements'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.columns import Extent, column_of
from ingest.document import RawRow, RawTable
from ingest.figures import CURRENCIES, read_figure
from ingest.periods import only_time
from ingest.scale import Scale, find_scale, find_share_power
from ingest.units import counting_shares, counts_shares

UNITS = Scale(0, None, "in units")
NEAREST = 3
"""So many of the last lines above a table may say what it counts."""
_ONLY_SHARES = re.compile(r"^\W*shares?\s+in\s+\w+\W*$", re.IGNORECASE)
_COUNTS_SHARES = re.compile(
    r"\bchanges?\s+in\s+(?:the\s+)?(?:number\s+of\s+)?(?:outstanding\s+)?(?:common\s+)?shares\b|\bshare\s+activity\b"
    r"|^shares\s+of\s+(?:[\w-]+\s+){0,3}stock$|\banti-?dilutive\b|\bdilutive\s+(?:[\w-]+\s+){0,3}securities\b"
    r"|\b(?:excluded|not\s+included)\s+(?:from|in)\s+(?:the\s+)?(?:computation|calculation|diluted)",
    re.IGNORECASE,
)
_RESULT = re.compile(r"\b(?:income|loss|earnings|profit)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_SIGN = re.compile(r"^\W*(?:notes?\s+)?(US\$|[CA]?\$|€|£|¥)(?:\s+\1)*\W*$", re.IGNORECASE)


def scale_of_table(raw: RawTable, head: int, statements: Scale | None) -> Scale | None:
    """Return the scale of a table whose first ``head`` rows are heads, or None where nothing tells one.

    ``statements`` is the scale of the filing's statements, which a table has that states none, unless its
    source states the scale of every table.
    """
    first, rest = raw.rows[: head + 2], raw.rows[head + 2 :]
    stated = _stated(raw.caption, first)
    inherited = UNITS if raw.states_scale else replace(statements, inherited=True) if statements else None
    scale = stated or _with_shares(raw.caption, [*first, *(row for row in rest if not row.cells)], inherited)
    if scale is None:
        scale = _in_units([*_texts(raw.rows[:head]), *raw.caption[-NEAREST:]])
    return counting_shares(scale) if scale is not None and _is_of_shares(raw, head) else scale


def source_of(scale: Scale | None) -> str | None:
    """Return the printed text that gave the scale of a table, and that it is another's where it is."""
    if scale is None:
        return None
    return f"as in the statements: {scale.source}" if scale.inherited else scale.source or None


def largest_counts(body: Sequence[RawRow], extents: list[Extent], heads: Sequence[str]) -> list[Decimal]:
    """Return the largest count of shares in each column, as its head or the labels of rows tell."""
    largest = [Decimal(0)] * len(extents)
    in_column = [counts_shares(head) for head in heads]
    for row in body:
        in_row = counts_shares(row.label)
        for cell in row.cells:
            index = column_of(cell, extents)
            figure = read_figure(cell.text) if in_row or in_column[index] else None
            if figure is not None and figure.number is not None and figure.currency is None:
                largest[index] = max(largest[index], abs(figure.number))
    return largest


def _texts(rows: Iterable[RawRow]) -> list[str]:
    return [text for row in rows for text in (row.label, *(cell.text for cell in row.cells))]


def _stated(caption: Sequence[str], rows: Sequence[RawRow]) -> Scale | None:
    heads = _texts(rows)
    scale = next((found for text in [*heads, *reversed(caption)] if (found := find_scale(text))), None)
    if scale is None or scale.share_power is not None:
        return scale
    shares = next((power for text in heads if (power := find_share_power(text)) is not None), None)
    return replace(scale, share_power=shares)


def _with_shares(caption: Sequence[str], rows: Sequence[RawRow], statements: Scale | None) -> Scale | None:
    """The statements' scale, with the scale that a table states for its shares alone."""
    for text in [*_texts(rows), *reversed(caption)]:
        power = find_share_power(text)
        if power is not None:
            only = _ONLY_SHARES.match(text) is not None
            return replace(statements or Scale(0, None, ""), share_power=power, source=text, only_shares=only)
    return statements


def _in_units(heads: Iterable[str]) -> Scale | None:
    """Amounts below heads that are a currency sign and nothing else, where no scale is told, are whole."""
    signs = {match[1] for text in heads if (match := _SIGN.match(text))}
    sign = signs.pop() if len(signs) == 1 else None
    return Scale(0, None, sign, currency=None if sign == "$" else CURRENCIES[sign]) if sign else None


def _is_of_shares(raw: RawTable, head: int) -> bool:
    """Whether the lines just above a table say that it counts shares, and no figure of it is money."""
    lines = [*raw.caption[-NEAREST:], *(row.label for row in raw.rows[:head])]
    near = [line for line in lines if line and not only_time(line)]
    says = any(_COUNTS_SHARES.search(_SENTENCE.split(line.strip())[-1]) for line in near)
    return says and not any(
        _RESULT.search(row.label) or any((figure := read_figure(cell.text)) and figure.currency for cell in row.cells)
        for row in raw.rows[head:]
        if row.cells
    )
