"""Draws questions over a sheet, of kinds by their weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from assistant.dataset.asks import MAKERS, Ask, Desk
from assistant.dataset.pairs import FORMULA_MAKERS, PAIR_MAKERS, RIVAL_MAKERS
from assistant.dataset.refusals import not_in_library, not_reported, wrong_period
from assistant.dataset.sheets import Sheet
from assistant.dataset.subjects import find_subjects
from assistant.dataset.truth import Truth
from assistant.dataset.wording import Wording
from index.evidence import EvidenceLine
from index.query import company_key
from ingest.vocabulary import Vocabulary

ONE_COMPANY = {**MAKERS, **PAIR_MAKERS, **FORMULA_MAKERS}
RIVAL_WEIGHT, STRANGER_WEIGHT = 25, 10
"""How often questions over two companies, and over one that is not there, are tried on a sheet of several."""
TRIES = 6
"""Attempts for each question that is wanted: many kinds do not fit a sheet."""


@dataclass(frozen=True, slots=True)
class Around:
    """What may be asked for in vain: lines of other places of the filing, and other companies."""

    lines: Sequence[EvidenceLine]
    companies: Sequence[str]


@dataclass(frozen=True)
class Asker:
    """Makes questions over sheets."""

    vocabulary: Vocabulary
    wording: Wording
    truth: Truth

    def questions(self, sheet: Sheet, around: Around, count: int, rng: Random) -> Iterator[Ask]:
        """Yield up to ``count`` questions over a sheet, no two with one program unless both refuse.

        Fewer are yielded where the sheet has few lines.
        """
        subjects = find_subjects(
            sheet.evidence.lines, self.vocabulary, self.wording, self.truth, rng, columns=sheet.columns
        )
        if not subjects:
            return
        companies = {company_key(company) for company in sheet.companies}
        desk = Desk(subjects, self.wording, self.vocabulary, rng, several=len(companies) > 1)
        weights = self._weights(desk)
        programs: set[str] = set()
        wanted = min(count, 2 * len(subjects) + 2)
        for kind in rng.choices(list(weights), list(weights.values()), k=wanted * TRIES):
            if len(programs) >= wanted:
                return
            ask = self._make(kind, desk, sheet, around)
            mark = "" if ask is None else f"{ask.program} {ask.question if ask.expected is None else ''}"
            if ask is not None and mark not in programs:
                programs.add(mark)
                yield ask

    def _weights(self, desk: Desk) -> Mapping[str, int]:
        weights = {kind: weight for kind, weight in self.wording.weights.items() if weight}
        if desk.several:
            weights |= {**dict.fromkeys(RIVAL_MAKERS, RIVAL_WEIGHT), "not_in_library": STRANGER_WEIGHT}
        return weights

    def _make(self, kind: str, desk: Desk, sheet: Sheet, around: Around) -> Ask | None:
        if kind == "wrong_period":
            return wrong_period(desk, sheet)
        if kind == "not_reported":
            return not_reported(desk, sheet, around.lines)
        if kind == "not_in_library":
            return not_in_library(desk, sheet, around.companies)
        maker = ONE_COMPANY.get(kind) or RIVAL_MAKERS[kind]
        return maker(desk)
