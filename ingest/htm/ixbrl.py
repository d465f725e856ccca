"""Reads the tagged facts of an inline XBRL file, printed or hidden, and the tagged values of its cover page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from ingest.filing import Fact, ReadingWarning, Span
from ingest.htm.contexts import Context, read_context, read_unit
from ingest.htm.layout import Printed
from ingest.htm.markup import BLOCKS, Markup
from ingest.htm.names import Names, attribute, is_nil
from ingest.htm.transforms import read_number, read_text
from ingest.htm.tree import walk

_COVER = frozenset(("dei", "bus"))
"""The taxonomies of cover pages: the SEC's and that of the UK's Financial Reporting Council."""

_MAX_SCALE = 30


@dataclass(frozen=True, slots=True)
class TaggedValues:
    """The numeric facts in document order, the cover values by local name, and what could not be read."""

    facts: tuple[Fact, ...]
    cover: dict[str, str]
    warnings: tuple[ReadingWarning, ...]


@dataclass(slots=True)
class _Tags:
    """The elements of inline XBRL in one tree."""

    contexts: dict[str, Context] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    numbers: list[etree._Element] = field(default_factory=list)
    texts: list[etree._Element] = field(default_factory=list)
    continuations: dict[str, etree._Element] = field(default_factory=dict)


class _LeftOut(Exception):  # noqa: N818 - it is caught in this module and becomes a warning
    """A fact is left out; the message says why."""


def read_tagged(markup: Markup, printed: Printed) -> TaggedValues:
    """Read all tagged numbers and the cover page.

    A number whose format, context or unit cannot be read is left out and counted in a warning.
    """
    tags = _collect(markup)
    left_out: Counter[str] = Counter()
    facts: list[Fact] = []
    for element in tags.numbers:
        if is_nil(element):
            continue
        try:
            facts.append(_read_fact(element, tags, markup.names, printed))
        except _LeftOut as reason:
            left_out[str(reason)] += 1
    warnings = tuple(
        ReadingWarning(f"{count} tagged fact{'s were' if count > 1 else ' was'} left out: {reason}")
        for reason, count in left_out.items()
    )
    return TaggedValues(tuple(facts), _read_cover(tags, markup.names), warnings)


def _collect(markup: Markup) -> _Tags:
    tags = _Tags()
    names = markup.names
    for element in markup.root.iter():
        name = names.of(element)
        if name in ("ix:nonfraction", "ix:fraction"):
            tags.numbers.append(element)
        elif name == "ix:nonnumeric":
            tags.texts.append(element)
        elif name == "ix:continuation":
            tags.continuations[element.get("id") or ""] = element
        elif name == "xbrli:context":
            context = read_context(element, names)
            if context is not None:
                tags.contexts[element.get("id") or ""] = context
        elif name == "xbrli:unit":
            unit = read_unit(element, names)
            if unit is not None:
                tags.units[element.get("id") or ""] = unit
    return tags


def _read_fact(element: etree._Element, tags: _Tags, names: Names, printed: Printed) -> Fact:
    concept = names.concept(element.get("name") or "", element)
    context = tags.contexts.get(attribute(element, "contextRef") or "")
    unit = tags.units.get(attribute(element, "unitRef") or "")
    if not concept:
        raise _LeftOut("it has no name")
    if context is None:
        raise _LeftOut("its context is missing or has no dates")
    if unit is None:
        raise _LeftOut("its unit is missing")
    text = text_of(element, names)
    is_fraction = names.of(element) == "ix:fraction"
    scale = 0 if is_fraction else _read_scale(element)
    value = _read_fraction(element, names) if is_fraction else _read_value(element, text, scale)
    place = printed.facts.get(element)
    shown = place.text if place else text
    span = printed.span(place.place) if place else _hidden_span(element, printed)
    return Fact(
        label=(place.label if place else None) or humanise(concept),
        concept=concept,
        value=value,
        unit=unit,
        scale=scale,
        period=context.period,
        span=span,
        origin="ixbrl",
        printed=shown,
        dimensions=context.dimensions,
    )


def _hidden_span(element: etree._Element, printed: Printed) -> Span:
    return Span(0, printed.pages[0].label, None, element.get("id"))


def _read_scale(element: etree._Element) -> int:
    text = (element.get("scale") or "0").strip()
    if not re.fullmatch(r"[-+]?\d{1,3}", text) or abs(int(text)) > _MAX_SCALE:
        raise _LeftOut(f"its scale is {text[:20]!r}")
    return int(text)


def _read_value(element: etree._Element, text: str, scale: int) -> Decimal:
    """Return the full value: transformed, scaled and signed."""
    rule = _local(element.get("format"))
    number = read_number(rule, text)
    if number is None:
        raise _LeftOut(f"its text does not follow the format {rule!r}" if rule else "its text is not a plain number")
    value = Decimal(f"{number.scaleb(scale):f}")
    return -value if element.get("sign") == "-" and value else value


def _read_fraction(element: etree._Element, names: Names) -> Decimal:
    """Return numerator over denominator, each transformed, scaled and signed (inline XBRL 1.1, section 7)."""
    terms = {names.of(part): part for part in reversed(list(element.iter()))}
    above, below = terms.get("ix:numerator"), terms.get("ix:denominator")
    if above is None or below is None:
        raise _LeftOut("it is a fraction without numerator or denominator")
    numbers = [_read_value(term, text_of(term, names), _read_scale(term)) for term in (above, below)]
    if not numbers[1]:
        raise _LeftOut("it is a fraction of zero")
    return numbers[0] / numbers[1]


def _local(qualified: str | None) -> str | None:
    return qualified.rpartition(":")[2].strip() if qualified else None


def text_of(element: etree._Element, names: Names) -> str:
    """Return the text inside an element, whitespace normalised, less what stands in ``ix:exclude``."""
    if not len(element):
        return " ".join((element.text or "").split())
    pieces: list[str] = []

    def enter(part: etree._Element, name: str) -> bool:
        if name == "ix:exclude":
            return False
        pieces.append(" " if name in BLOCKS or name == "br" else "")
        pieces.append(part.text or "")
        return True

    def leave(part: etree._Element, name: str, entered: bool) -> None:
        if part is not element:
            pieces.append(part.tail or "")

    walk(element, names.of, enter, leave)
    return " ".join("".join(pieces).split())


def _read_cover(tags: _Tags, names: Names) -> dict[str, str]:
    """Return the cover values; of several for one name that for the whole company, else the first."""
    cover: dict[str, str] = {}
    dimensioned: dict[str, str] = {}
    for element in tags.texts:
        prefix, _, local = names.concept(element.get("name") or "", element).rpartition(":")
        if prefix not in _COVER or is_nil(element):
            continue
        text = read_text(_local(element.get("format")), _continued_text(element, tags, names))
        context = tags.contexts.get(attribute(element, "contextRef") or "")
        if text:
            (dimensioned if context is not None and context.dimensions else cover).setdefault(local, text)
    return {**dimensioned, **cover}


def _continued_text(element: etree._Element, tags: _Tags, names: Names) -> str:
    """Return the text of a fact and of all its continuations, in the order of their chain."""
    pieces: list[str] = []
    seen: set[etree._Element] = set()
    following: etree._Element | None = element
    while following is not None and following not in seen:
        seen.add(following)
        pieces.append(text_of(following, names))
        following = tags.continuations.get(attribute(following, "continuedAt") or "")
    return " ".join(piece for piece in pieces if piece)


def humanise(concept: str) -> str:
    """Put a concept's name in words: ``us-gaap:NetIncomeLoss`` becomes ``Net income loss``."""
    local = concept.rpartition(":")[2]
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", local)
    lowered = [word if len(word) > 1 and word.isupper() else word.lower() for word in words]
    text = " ".join(lowered)
    return text[:1].upper() + text[1:] if text else local
