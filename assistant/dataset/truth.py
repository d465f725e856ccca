"""What the filings state, read apart from the sheet: the values that examples are checked against."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from index.evidence import EvidenceCell, EvidenceLine
from index.view import View
from ingest.figures import read_figure

_Place = tuple[int, tuple[int, int]]


@dataclass
class Truth:
    """The facts of a library by where they are printed; ``counts`` tells how cells were checked, with what result."""

    library: View
    counts: Counter[str] = field(default_factory=Counter)
    _facts: dict[str, dict[_Place, set[Decimal]]] = field(default_factory=dict)
    _texts: dict[tuple[str, int], str] = field(default_factory=dict)

    def value(self, line: EvidenceLine, cell: EvidenceCell) -> Decimal | None:
        """Return what the filing states in the place of ``cell``; None where the sheet says anything else.

        A tagged fact, or one of a table with a period, speaks for its place. Where there is none, the figure is
        read once more from the page's text.
        """
        if cell.span.chars is None:
            self.counts["cells without a place"] += 1
            return None
        stated = self._of(line.filing_id).get((cell.span.page, cell.span.chars))
        if stated is not None:
            agrees = cell.value in stated
            self.counts["cells that agree with a fact" if agrees else "cells that differ from their fact"] += 1
            return cell.value if agrees else None
        printed = self._text(line.filing_id, cell.span.page)[slice(*cell.span.chars)]
        figure = read_figure(" ".join(printed.split()))
        agrees = figure is not None and figure.number is not None and figure.number.scaleb(cell.scale) == cell.value
        self.counts["cells that agree with the print" if agrees else "cells that differ from the print"] += 1
        return cell.value if agrees else None

    def _of(self, filing_id: str) -> dict[_Place, set[Decimal]]:
        if filing_id not in self._facts:
            places: dict[_Place, set[Decimal]] = {}
            for record in self.library.facts(filing_ids=[filing_id]):
                span = record.fact.span
                if span.chars is not None:
                    places.setdefault((span.page, span.chars), set()).add(record.fact.value)
            self._facts[filing_id] = places
        return self._facts[filing_id]

    def _text(self, filing_id: str, page: int) -> str:
        if (filing_id, page) not in self._texts:
            self._texts[filing_id, page] = self.library.page(filing_id, page).text
        return self._texts[filing_id, page]
