"""Writes out what was understood of a filing as JSON, a piece at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from ingest.filing import Cell, Fact, Filing, Period, ReadingWarning, Row, Section, Span, Table


def as_json(filing: Filing, pages: Sequence[int]) -> Iterator[str]:
    """Yield one JSON object: what the filing is, then its pages, tables, facts and warnings, a piece at a time.

    Pages count from 1, and values are strings, as in the JSON of the other verbs.
    """
    wanted = frozenset(pages)
    about = {
        "id": filing.id,
        "source": filing.source,
        "media_type": filing.media_type,
        "identity": _identity(filing),
        "sections": [_section(section) for section in filing.sections],
    }
    yield json.dumps(about)[:-1]
    arrays: tuple[tuple[str, Iterator[Any]], ...] = (
        ("pages", ({"page": i + 1, "page_label": filing.pages[i].label, "text": filing.pages[i].text} for i in pages)),
        ("tables", (_table(table, rows) for table, rows in _rows_on(filing.tables, wanted))),
        ("facts", (fact_json(fact) for fact in filing.facts if fact.span.page in wanted)),
        ("warnings", map(warning_json, filing.warnings)),
    )
    for name, items in arrays:
        yield f', "{name}": ['
        for number, item in enumerate(items):
            yield f"{',' if number else ''}\n{json.dumps(item)}"
        yield "]"
    yield "}\n"


def _identity(filing: Filing) -> dict[str, Any]:
    identity = filing.identity
    return {
        "company": identity.company,
        "ticker": identity.ticker,
        "cik": identity.cik,
        "form": identity.form,
        "fiscal_year": identity.fiscal_year,
        "closing_year": identity.closing_year,
        "fiscal_quarter": identity.fiscal_quarter,
        "period_end": identity.period_end.isoformat() if identity.period_end else None,
        "filing_date": identity.filing_date.isoformat() if identity.filing_date else None,
        "currency": identity.currency,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "kind": section.kind,
        "number": section.number,
        "first_page": section.first_page + 1,
        "last_page": section.last_page + 1,
        "children": [_section(child) for child in section.children],
    }


def _rows_on(tables: Iterable[Table], pages: Collection[int]) -> Iterator[tuple[Table, list[Row]]]:
    for table in tables:
        rows = [row for row in table.rows if row.span.page in pages]
        if rows:
            yield table, rows


def _table(table: Table, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "statement": table.statement,
        "unit": table.unit,
        "scale": table.scale,
        "scale_source": table.scale_source,
        "columns": [
            {"column": column.index, "header": column.header, "period": period_json(column.period)}
            for column in table.columns
        ],
        "rows": [
            {
                "label": row.label,
                "level": row.level,
                "under": row.path,
                "cells": [_cell_json(cell) for cell in row.cells],
            }
            | _place(row.span)
            for row in rows
        ],
    }


def _cell_json(cell: Cell) -> dict[str, Any]:
    return {
        "column": cell.column,
        "text": cell.text,
        "value": None if cell.value is None else f"{cell.value:f}",
        "unit": cell.unit,
        "period": period_json(cell.period),
    } | _place(cell.span)


def fact_json(fact: Fact) -> dict[str, Any]:
    """Return a fact in JSON's own kinds."""
    return {
        "label": fact.label,
        "concept": fact.concept,
        "value": f"{fact.value:f}",
        "unit": fact.unit,
        "period": period_json(fact.period),
        "dimensions": dict(fact.dimensions),
        "origin": fact.origin,
        "printed": fact.printed,
        "statement": fact.statement,
        "table": fact.table,
    } | _place(fact.span)


def period_json(period: Period | None) -> dict[str, Any] | None:
    """Return a period in JSON's own kinds."""
    if period is None:
        return None
    return {
        "key": period.key,
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat(),
        "months": period.months,
    }


def _place(span: Span) -> dict[str, Any]:
    return {"page": span.physical_page, "box": span.box, "element": span.element, "chars": span.chars}


def warning_json(warning: ReadingWarning) -> dict[str, Any]:
    """Return a warning in JSON's own kinds; its page counts from 1."""
    return {"message": warning.message, "page": None if warning.page is None else warning.page + 1}
