"""``tieout ask``."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.answer import Answer, Citation, Usage
from assistant.cli.opening import assistant_for, console, open_library, settings_for
from ingest.errors import UsageError

QUOTE = 240
"""So many characters of what is only near are shown."""


def ask_and_show(
    question: str, trace: bool, library: Path | None, as_json: bool, collections: str | None = None
) -> int:
    """Answer a question and print it; an abstention is an answer, so the exit code is 0 either way."""
    if not question.strip():
        raise UsageError("the question is empty")
    settings = settings_for(library, collections)
    with open_library(settings) as opened:
        answer = assistant_for(settings, opened).ask(question).answer
    if as_json:
        print(json.dumps(answer.to_json(), indent=2, ensure_ascii=False))
    else:
        show_answer(answer, trace=trace)
    return 0


def show_answer(answer: Answer, *, trace: bool) -> None:
    """Print an answer for people: text, footnotes, what was assumed; with ``trace`` how it came about."""
    out = console()
    out.print(answer.text)
    for number, citation in enumerate(answer.citations, start=1):
        out.print(f"  [{number}] {_footnote(citation)}", style="dim")
    if answer.nearest:
        out.print("  The nearest in the filings, not an answer:", style="dim")
    for number, citation in enumerate(answer.nearest, start=1):
        out.print(f"  ({number}) {_where(citation)}: {_short(citation.quote)}", style="dim")
    for assumption in answer.assumed:
        out.print(f"  assumed: {assumption}", style="dim")
    for check in answer.checks:
        if not check.passed and not check.binding:
            out.print(f"  note: {check.detail}", style="yellow")
    if trace:
        show_trace(answer)


def show_trace(answer: Answer) -> None:
    """Print who wrote the program, the program, each step and each check."""
    out = console()
    writers = {
        "facts": "formed from facts, without a language model",
        "search": "quotes what the search found, without a language model",
        "generator": f"written by the generator {answer.model}",
    }
    out.print(f"program ({writers.get(answer.writer or '', 'none')}):")
    for program in answer.programs:
        out.print(f"  {program}")
    for step in answer.trace:
        out.print(f"  {step.step} = {step.result}")
    out.print("checks:")
    for check in answer.checks:
        out.print(f"  {'passed' if check.passed else 'FAILED'} {check.name}: {check.detail}")
    if answer.usage is not None:
        out.print(_spent(answer.usage))
    out.print(f"{answer.search}; {answer.timings.get('total', 0):.2f} s")


def _spent(usage: Usage) -> str:
    requests = f" in {usage.requests} request{'s' if usage.requests > 1 else ''}" if usage.requests else ""
    cost = f", cost {usage.cost}" if usage.cost is not None else ""
    return f"tokens: {usage.prompt_tokens:,} read, {usage.tokens:,} written{requests}{cost}"


def _footnote(citation: Citation) -> str:
    quote = f"“{citation.label}”: {citation.quote}" if citation.label else "quoted"
    tag = f", tagged {citation.tag}" if citation.tag else ""
    note = f"; {citation.note}" if citation.note else ""
    return f"{_where(citation)}: {quote}{tag}{note}"


def _where(citation: Citation) -> str:
    label = f" (printed {citation.page_label})" if citation.page_label not in (None, str(citation.page)) else ""
    return f"{citation.source}, page {citation.page}{label}"


def _short(quote: str) -> str:
    return quote if len(quote) <= QUOTE else f"{quote[:QUOTE].rsplit(' ', 1)[0]} …"
