"""Asks a library one question: understood, searched, answered by a program, checked, rendered, logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.abstain import common_reason
from assistant.among import answer_among
from assistant.answer import Answer, Check, Usage
from assistant.draft import Draft
from assistant.maturing import answer_maturity
from assistant.plan import Plan, compose, make_plan, settles
from assistant.quote import quotation
from assistant.sheet import sheet_lines
from assistant.watch import Watch
from index.contract import Embedder
from index.evidence import Evidence, EvidenceLine
from index.meanings import settle_meaning
from index.printed import find_printed, names_another_row
from index.query import Query, understand
from index.search import number, search, search_figures
from index.view import View
from ingest.errors import LibraryError, ProgramError
from ingest.vocabulary import Vocabulary
from model.contract import Generation, Generator
from model.program import Abstention, parse_program


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as understood, what was found, and the answer: what a conversation goes on from."""

    query: Query
    evidence: Evidence
    answer: Answer


@dataclass(frozen=True, slots=True)
class Assistant:
    """Answers questions over one library.

    ``embedder`` and ``generator`` are doors: a model is loaded when a question first needs it, and a
    question that facts settle needs neither.
    """

    library: View
    vocabulary: Vocabulary
    embedder: Callable[[], Embedder]
    generator: Callable[[], Generator]
    evidence_lines: int = 24

    def ask(self, question: str, previous: Query | None = None) -> Turn:
        """Return the answer to ``question``, and log it. ``previous`` is the query before it in a chat."""
        watch = Watch()
        query = understand(question, self.library.filings(), self.vocabulary, previous)
        query = settle_meaning(query, self.library, self.vocabulary)
        plan = make_plan(query, self.vocabulary)
        watch.lap("understand")
        evidence = search_figures(query, self.library, plan.wanted if plan else ())
        watch.lap("figures")
        draft = Draft(query, evidence, self.library, watch)
        answer = self._from_facts(plan, draft)
        if answer is None:
            answer = answer_among(draft, self.vocabulary) or answer_maturity(draft)
        near: tuple[EvidenceLine, ...] = ()
        if answer is None or names_another_row(query, evidence.lines):
            literal, near = self._from_printed(draft)
            answer = literal or answer
            watch.lap("rows")
        if answer is None:
            draft.evidence = self._search(query, plan, near)
            watch.lap("search")
            answer = self._from_quotation(draft) or self._from_generator(draft)
        return Turn(query, draft.evidence, self._logged(answer, draft.evidence))

    def _logged(self, answer: Answer, evidence: Evidence) -> Answer:
        """Log the answer and which filings it speaks of; where the library may not be written, say so with it."""
        cited = [citation.filing for citation in (*answer.citations, *answer.nearest)]
        try:
            named = [*cited, *(line.filing_id for line in evidence.lines)]
            self.library.journal.append("ask", answer.to_json(), named)
        except LibraryError as error:
            return replace(answer, checks=(*answer.checks, Check("journal", False, str(error), binding=False)))
        return answer

    def _from_facts(self, plan: Plan | None, draft: Draft) -> Answer | None:
        """Answer from facts where they settle the question, or say that its company or period is not there."""
        if draft.query.unknown or not draft.query.filing_ids:
            return draft.finish("not_in_library")
        if plan is None or not settles(draft.query):
            return None
        programs = [compose(part, draft.evidence, self.vocabulary) for part in plan.parts]
        found = not all(isinstance(program, Abstention) for program in programs)
        if not found and common_reason(programs) != "wrong_period":
            return None
        draft.writer = "facts"
        for part, program in zip(plan.parts, programs, strict=True):
            draft.run(program, part)
        draft.watch.lap("compute")
        return draft.finish(None if found else "wrong_period")

    def _from_printed(self, draft: Draft) -> tuple[Answer | None, tuple[EvidenceLine, ...]]:
        """Answer from the one printed row that says what the question says, or return the rows that come near."""
        printed = find_printed(draft.query, self.library, self.vocabulary)
        plan = make_plan(printed.query, self.vocabulary) if printed.query is not None else None
        if printed.query is None or plan is None:
            return None, printed.near
        evidence = replace(
            draft.evidence, query=printed.query, lines=number(printed.lines), missing=(), conflicts=printed.conflicts
        )
        attempt = Draft(printed.query, evidence, self.library, draft.watch, writer="facts")
        for part in plan.parts:
            attempt.run(compose(part, evidence, self.vocabulary), part)
        answer = attempt.finish()
        if answer.status == "abstained" or attempt.failed:
            return None, printed.lines
        draft.evidence = evidence
        return answer, ()

    def _search(self, query: Query, plan: Plan | None, near: tuple[EvidenceLine, ...]) -> Evidence:
        """Search the passages too, for what facts did not settle; rows that come near stand on the sheet."""
        embedder = self.embedder()
        self.library.use(embedder)
        wanted = plan.wanted if plan else ()
        return search(query, self.library, embedder, wanted=wanted, near=near, lines=self.evidence_lines)

    def _from_quotation(self, draft: Draft) -> Answer | None:
        """Quote the sentence that speaks of what was asked, if one does and the checks agree."""
        program = quotation(draft.evidence)
        if program is None:
            return None
        attempt = Draft(draft.query, draft.evidence, draft.library, draft.watch, writer="search")
        attempt.run(program, None)
        answer = attempt.finish()
        return answer if answer.status == "answered" else None

    def _from_generator(self, draft: Draft) -> Answer:
        """Let the generator write a program over the sheet."""
        if not draft.evidence.lines:
            return draft.finish("not_reported")
        generation = self.generator().write_program(draft.query.text, sheet_lines(draft.evidence))
        draft.writer, draft.model, draft.usage = "generator", generation.model, usage_of(generation)
        draft.watch.lap("generate")
        if generation.refused:
            draft.checks.append(Check("program", False, generation.refused))
        try:
            program = parse_program(generation.text)
        except ProgramError:
            # Its text is not repeated: it may hold numbers, and no model writes any.
            draft.checks.append(Check("program", False, "what the generator wrote is not a program"))
            return draft.finish("not_supported")
        if isinstance(program, Abstention):
            # It has seen one sheet: what the library holds or lacks is not for it to say.
            program = Abstention("not_supported")
        draft.run(program, None)
        draft.watch.lap("compute")
        return draft.finish()


def usage_of(generation: Generation) -> Usage:
    """Return what a generation took, as an answer tells it."""
    cost = None if generation.cost is None else f"{generation.cost.normalize():f}"
    return Usage(generation.prompt_tokens, generation.tokens, generation.requests, cost)
