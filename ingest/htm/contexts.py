"""Contexts and units of inline XBRL: when a fact holds, for which part of the company, and in what it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lxml import etree

from ingest.filing import Period
from ingest.htm.names import Names, attribute

_DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Context:
    """The period of a fact and its (axis, member) pairs, sorted by axis; the whole company has none."""

    period: Period
    dimensions: tuple[tuple[str, str], ...]


def read_context(element: etree._Element, names: Names) -> Context | None:
    """Read an ``xbrli:context``; None where it has no dates (``forever``) or ones that are not dates."""
    dates: dict[str, date] = {}
    dimensions: list[tuple[str, str]] = []
    for part in element.iter():
        name = names.of(part)
        if name in ("xbrli:instant", "xbrli:startdate", "xbrli:enddate"):
            day = _read_day(part.text or "", is_end=name != "xbrli:startdate")
            if day is None:
                return None
            dates[name] = day
        elif name in ("xbrldi:explicitmember", "xbrldi:typedmember"):
            axis = names.concept(attribute(part, "dimension") or "", part)
            text = "".join(str(piece) for piece in part.itertext()).strip()
            dimensions.append((axis, names.concept(text, part) if name.endswith("explicitmember") else text))
    period = _period(dates)
    return None if period is None else Context(period, tuple(sorted(dimensions)))


def _read_day(text: str, *, is_end: bool) -> date | None:
    text = text.strip()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    # A bare date ends with its day; midnight written out as a time is the beginning of that day (XBRL 2.1, 4.7.2).
    return day - timedelta(days=1) if is_end and text[10:].startswith("T00:00:00") else day


def _period(dates: dict[str, date]) -> Period | None:
    instant = dates.get("xbrli:instant")
    if instant is not None:
        return Period(instant)
    start, end = dates.get("xbrli:startdate"), dates.get("xbrli:enddate")
    if start is None or end is None or end < start:
        return None
    days = (end - start).days + 1
    # No duration may round to nothing: a period of zero months is an instant.
    return Period(end, max(1, round(days / _DAYS_PER_MONTH)), start)


def read_unit(element: etree._Element, names: Names) -> str | None:
    """Read an ``xbrli:unit``: ``USD``, ``shares``, ``pure``, ``USD/shares``; None where it has no measure.

    Measures beyond currencies, shares and pure numbers keep their qualified name (``utr:MWh``).
    """
    above: list[str] = []
    below: list[str] = []
    for part in element.iter():
        if names.of(part) == "xbrli:measure":
            measure = names.concept(part.text or "", part)
            prefix, _, local = measure.rpartition(":")
            is_usual = prefix in ("iso4217", "xbrli", "")
            is_below = any(names.of(parent) == "xbrli:unitdenominator" for parent in part.iterancestors())
            (below if is_below else above).append(local if is_usual else measure)
    if not above:
        return None
    return "/".join(filter(None, (_product(above), _product(below))))


def _product(measures: Iterable[str]) -> str:
    return "*".join(sorted(measures))
