"""Sets a table of figures in XHTML, three grid columns to a printed one: currency sign, number, parenthesis."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from press.blocks import Row, Table
from press.facts import FactWriter
from press.ruled import printed

_FONT = "font-size:9pt;font-family:'Times New Roman',sans-serif;line-height:100%"
_SPACER = '<td colspan="3" style="padding:0 1pt"></td>'
_LINES = {
    "none": "",
    "single": ";border-top:1pt solid #000000",
    "double": ";border-top:1pt solid #000000;border-bottom:3pt double #000000",
}


def inline_table(table: Table, facts: FactWriter) -> str:
    """Set one table with its heads; tagged figures become facts of their own."""
    heads = [
        f'<div style="text-align:center;font-weight:700;{_FONT}">{escape(line)}</div>'
        for line in table.title.split("\n")
        if line
    ]
    if table.title and table.note:
        heads.append(f'<div style="text-align:center;{_FONT}">{escape(table.note)}</div>')
    rows = [
        _spanners(table),
        _headers(table),
        *(_row(table, row, index, facts) for index, row in enumerate(table.rows)),
    ]
    opening = '<table style="border-collapse:collapse;margin-bottom:9pt;width:100%">'
    return "".join((*heads, opening, _widths(table), *rows, "</table>"))


def _widths(table: Table) -> str:
    share = 11.0 if len(table.columns) <= 4 else 9.0
    stub = 100 - len(table.columns) * (share + 1)
    cells = f'<td style="width:1%"></td><td style="width:{stub - 1.1:g}%"></td><td style="width:0.1%"></td>'
    number = f'<td style="width:1%"></td><td style="width:{share - 2:g}%"></td><td style="width:1%"></td>'
    gap = '<td style="width:0.1%"></td><td style="width:0.8%"></td><td style="width:0.1%"></td>'
    return f"<tr>{cells}{gap.join([number] * len(table.columns))}</tr>"


def _spanners(table: Table) -> str:
    if not table.spanners:
        return ""
    cells, column = [_SPACER], 0
    for text, first, last in table.spanners:
        while column < first:
            cells += [_SPACER, _SPACER]
            column += 1
        width = 3 * (last - first + 1) + 3 * (last - first)
        cells.append(_head_cell(text, width))
        column = last + 1
        if column < len(table.columns):
            cells.append(_SPACER)
    while column < len(table.columns):
        cells.append(_SPACER)
        column += 1
        if column < len(table.columns):
            cells.append(_SPACER)
    return f"<tr>{''.join(cells)}</tr>"


def _headers(table: Table) -> str:
    note = escape(table.note) if table.note and not table.title else ""
    stub = f'<td colspan="3" style="padding:2px 1pt;vertical-align:bottom"><span style="font-style:italic;{_FONT}">'
    cells = [_head_cell(column.header, 3) for column in table.columns]
    return f"<tr>{stub}{note}</span></td>{_SPACER.join(cells)}</tr>"


def _head_cell(text: str, width: int) -> str:
    words = "<br/>".join(escape(line) for line in text.split("\n"))
    return (
        f'<td colspan="{width}" style="padding:2px 1pt;text-align:center;vertical-align:bottom">'
        f'<span style="font-weight:700;{_FONT}">{words}</span></td>'
    )


def _row(table: Table, row: Row, index: int, facts: FactWriter) -> str:
    shade = "#cceeff" if index % 2 == 0 else "#ffffff"
    weight = 700 if row.bold else 400
    label = (
        f'<td colspan="3" style="background-color:{shade};padding:2px 1pt 2px {1 + 9 * row.level}pt;'
        f'text-align:left;vertical-align:bottom"><span style="font-weight:{weight};{_FONT}">'
        f"{escape(row.label)}</span></td>"
    )
    spacer = f'<td colspan="3" style="background-color:{shade};padding:0 1pt"></td>'
    cells = [_cell(table, row, column, shade, facts) for column in range(len(row.values))]
    cells += [spacer] * (len(table.columns) - len(cells))
    return f"<tr>{label}{spacer.join(cells)}</tr>"


def _cell(table: Table, row: Row, column: int, shade: str, facts: FactWriter) -> str:
    value = row.values[column]
    if value is None:
        return f'<td colspan="3" style="background-color:{shade};padding:0 1pt"></td>'
    style, line = table.style(row, column), _LINES[row.rule]
    text, tail = printed(value, table.decimals(row, column), style == "percent")
    tag = table.tag(row, column)
    bare = text.removeprefix("(")
    inner = facts.number(tag, value, bare) if tag and isinstance(value, Decimal) else escape(bare)
    opening = "(" if bare != text else ""
    look = f"background-color:{shade}{line};padding:2px 0;vertical-align:bottom;text-align"
    span = f'<span style="font-weight:{700 if row.bold else 400};{_FONT}">'
    sign = row.dollar and style in ("money", "per_share") and isinstance(value, Decimal)
    before = f'<td style="{look}:left">{span}$</span></td>' if sign else ""
    width = "" if sign else ' colspan="2"'
    return (
        f'{before}<td{width} style="{look}:right">{span}{opening}{inner}</span></td>'
        f'<td style="{look}:left">{span}{tail}</span></td>'
    )
