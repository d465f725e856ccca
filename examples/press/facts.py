"""Writes the facts of an inline XBRL document and keeps the contexts and units that they need."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from press.blocks import Context, Document, Member, Style, Tag

_UNITS = {
    "usd": "<xbrli:measure>iso4217:USD</xbrli:measure>",
    "shares": "<xbrli:measure>xbrli:shares</xbrli:measure>",
    "usdPerShare": (
        "<xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unitNumerator>"
        "<xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator></xbrli:divide>"
    ),
    "pure": "<xbrli:measure>xbrli:pure</xbrli:measure>",
}
_UNIT_OF: dict[Style, str] = {
    "money": "usd",
    "shares": "shares",
    "per_share": "usdPerShare",
    "percent": "pure",
    "count": "pure",
}


class FactWriter:
    """Numbers facts ``f-1``, ``f-2``, … and contexts ``c-1``, … as they come up; ``c-1`` is the filing's period."""

    def __init__(self, document: Document) -> None:
        self._cik = document.cik
        self._contexts: dict[tuple[Context, tuple[Member, ...]], str] = {}
        self._count = 0
        self._cover = self._context(document.period, ())

    def number(self, tag: Tag, value: Decimal, text: str) -> str:
        """Write a printed figure; ``value`` is as printed, ``text`` its digits without sign or currency."""
        context = self._context(tag.context, tag.members)
        sign = ' sign="-"' if (-value if tag.negated else value) < 0 else ""
        kind = "fixed-zero" if value == 0 and not any(letter.isdigit() for letter in text) else "num-dot-decimal"
        return (
            f'<ix:nonFraction unitRef="{_UNIT_OF[tag.style]}" contextRef="{context}" decimals="{tag.decimals}" '
            f'name="{tag.concept}" format="ixt:{kind}" scale="{tag.scale}"{sign} id="{self._next()}">'
            f"{escape(text)}</ix:nonFraction>"
        )

    def words(self, concept: str, text: str, form: str | None = None) -> str:
        """Write a fact of the cover page that is words, in the context of the filing's period."""
        transformed = f' format="{form}"' if form else ""
        return (
            f'<ix:nonNumeric contextRef="{self._cover}" name="{concept}"{transformed} id="{self._next()}">'
            f"{escape(text)}</ix:nonNumeric>"
        )

    def resources(self) -> str:
        """Write all contexts and units that have come up."""
        contexts = "".join(
            f'<xbrli:context id="{name}"><xbrli:entity>'
            f'<xbrli:identifier scheme="http://www.sec.gov/CIK">{self._cik}</xbrli:identifier>'
            f"{_segment(members)}</xbrli:entity><xbrli:period>{_period(context)}</xbrli:period></xbrli:context>"
            for (context, members), name in self._contexts.items()
        )
        units = "".join(f'<xbrli:unit id="{name}">{measure}</xbrli:unit>' for name, measure in _UNITS.items())
        return contexts + units

    def _context(self, context: Context, members: tuple[Member, ...]) -> str:
        key = (context, members)
        return self._contexts.setdefault(key, f"c-{len(self._contexts) + 1}")

    def _next(self) -> str:
        self._count += 1
        return f"f-{self._count}"


def _segment(members: tuple[Member, ...]) -> str:
    inner = "".join(
        f'<xbrldi:explicitMember dimension="{axis}">{member}</xbrldi:explicitMember>' for axis, member in members
    )
    return f"<xbrli:segment>{inner}</xbrli:segment>" if inner else ""


def _period(context: Context) -> str:
    if context.start is None:
        return f"<xbrli:instant>{context.end}</xbrli:instant>"
    return f"<xbrli:startDate>{context.start}</xbrli:startDate><xbrli:endDate>{context.end}</xbrli:endDate>"
