"""Extraction: the same fields from every filing, each value with its source, or null with a reason."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.schema import ExtractionField, ExtractionSchema, thing_of
from assistant.settled import own_period, settle
from index.contract import FilingRecord
from index.view import View
from index.wording import Display
from ingest.errors import UsageError
from ingest.vocabulary import Concept, Formula, Vocabulary

FORMATS = (".csv", ".jsonl")
_NUMBER = re.compile(r"-?[\d,.]+")
_POWERS = {"units": 0, "thousands": 3, "millions": 6, "billions": 9}


@dataclass(frozen=True, slots=True)
class ExtractionRow:
    """One filing's fields. ``fields`` maps a field's name to its value, source and reason."""

    filing: str
    source: str
    company: str | None
    form: str | None
    period: str | None
    fields: dict[str, dict[str, Any]]


def extract(
    library: View, schema: ExtractionSchema, vocabulary: Vocabulary, *, done: frozenset[str] = frozenset()
) -> Iterator[ExtractionRow]:
    """Yield a row for each filing that the schema's forms admit, but for those of the ids in ``done``.

    Raises UsageError before the first row where a field asks for something that the vocabulary lacks.
    """
    things = {field.name: thing_of(field, vocabulary) for field in schema.field}
    for filing in chosen_filings(library, schema):
        if filing.id not in done:
            fields = {f.name: _value(library, filing, f, things[f.name], vocabulary) for f in schema.field}
            identity = filing.identity
            period = own_period(filing)
            yield ExtractionRow(
                filing.id, filing.source, identity.company, identity.form, period.key if period else None, fields
            )


def chosen_filings(library: View, schema: ExtractionSchema) -> list[FilingRecord]:
    """Return the filings that the schema is about."""
    return [f for f in library.filings() if not schema.forms or f.identity.form in schema.forms]


def _value(
    library: View, filing: FilingRecord, field: ExtractionField, thing: Concept | Formula, vocabulary: Vocabulary
) -> dict[str, Any]:
    period = own_period(filing)
    company = filing.identity.company
    if period is None or company is None:
        return {"value": None, "reason": "unreadable", "detail": "the filing's company or period is not known"}
    display = Display(power=_POWERS[field.scale])
    answer = settle(library, filing, company, thing, (period.shift(field.period),), vocabulary, display)
    if answer is None:
        return {"value": None, "reason": "not_supported", "detail": "the field cannot be formed into a program"}
    if answer.status == "abstained" or not answer.values:
        return {"value": None, "reason": answer.reason, "detail": answer.text}
    value = answer.values[0]
    sources = [
        {
            "page": c.page,
            "page_label": c.page_label,
            "box": c.box,
            "element": c.element,
            "quote": c.quote,
            "label": c.label,
        }
        for c in answer.citations
    ]
    return {
        "value": value.value,
        "unit": value.unit,
        "exact": value.exact,
        "period": value.period,
        "program": answer.programs[0],
        "sources": sources,
        "reason": None,
    }


def write_rows(
    out: Path, rows: Iterator[ExtractionRow], schema: ExtractionSchema, kept: Sequence[dict[str, Any]]
) -> int:
    """Write ``kept`` and ``rows`` to ``out`` (.csv or .jsonl) and return how many there are.

    Rows go to a file beside ``out`` as they come, so that an interrupted job can be taken up again
    (``resume``); ``out`` appears when all are there. Raises UsageError for another ending.
    """
    _check(out)
    partial = _partial(out, schema)
    count = len(kept)
    with partial.open("w", encoding="utf-8") as stream:
        for row in kept:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        for extracted in rows:
            line = {name: getattr(extracted, name) for name in ExtractionRow.__dataclass_fields__}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            stream.flush()
            count += 1
    if out.suffix == ".csv":
        _write_csv(out, partial, schema)
        partial.unlink()
    else:
        os.replace(partial, out)
    return count


def resume(out: Path, schema: ExtractionSchema) -> list[dict[str, Any]]:
    """Return the complete rows that an interrupted job with the same schema has left beside ``out``."""
    _check(out)
    partial = _partial(out, schema)
    if not partial.is_file():
        return []
    rows = []
    for line in _lines(partial):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return rows


def _lines(partial: Path) -> list[str]:
    """The lines of a file that may end within a character; texts of filings may hold other line separators."""
    return [line for line in partial.read_text(encoding="utf-8", errors="replace").split("\n") if line]


def _check(out: Path) -> None:
    if out.suffix not in FORMATS:
        raise UsageError(f"cannot write {out}: name it *.csv or *.jsonl")
    if out.is_dir():
        raise UsageError(f"cannot write {out}: it is a folder")
    if not out.parent.is_dir():
        raise UsageError(f"cannot write {out}: there is no folder {out.parent}")


def _partial(out: Path, schema: ExtractionSchema) -> Path:
    """Named for the schema too, for rows of another one have values of other meanings and scales."""
    digest = hashlib.sha256(schema.model_dump_json().encode()).hexdigest()
    return out.with_name(f"{out.name}.{digest[:8]}.partial")


def _write_csv(out: Path, partial: Path, schema: ExtractionSchema) -> None:
    """One line for each filing; a field has columns for its value, unit, place, quotation and reason."""
    parts = ("", ".unit", ".page", ".box", ".quote", ".reason")
    heads = [f"{field.name}{part}" for field in schema.field for part in parts]
    temporary = out.with_name(out.name + ".writing")
    with temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["filing", "source", "company", "form", "period", *heads])
        for line in _lines(partial):
            row = json.loads(line)
            cells = [cell for field in schema.field for cell in _csv_cells(row["fields"][field.name])]
            lead = [row[name] or "" for name in ("filing", "source", "company", "form", "period")]
            writer.writerow([_inert(str(cell)) for cell in (*lead, *cells)])
    os.replace(temporary, out)


def _csv_cells(field: Mapping[str, Any]) -> list[str]:
    sources = field.get("sources", [])
    pages = "; ".join(str(source["page"]) for source in sources)
    boxes = "; ".join(
        " ".join(map(str, source["box"])) if source["box"] else source["element"] or "" for source in sources
    )
    quotes = "; ".join(source["quote"] for source in sources)
    return [field["value"] or "", field.get("unit") or "", pages, boxes, quotes, field.get("reason") or ""]


def _inert(text: str) -> str:
    """Text from a document must not become a formula of the spreadsheet that opens the file."""
    risky = text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text
