"""``tieout chat``: the analyst's desk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.chat import Conversation
from assistant.cli.asking import show_answer, show_trace
from assistant.cli.opening import assistant_for, console, open_library, settings_for
from assistant.show import cited_page, wrap_page
from index.view import View
from ingest.errors import TieoutError

HELP = """\
Ask anything about the filings; a follow-up such as "and the year before?" keeps company and line.
  /sources   what the latest answer cites, and what else was found
  /open N    the page of footnote N
  /trace     how the latest answer came about
  /help      this
  /quit      leave (Ctrl-D does too)"""


def run_chat(library: Path | None, collections: str | None = None) -> int:
    """Read questions and commands until the end of input; nothing that fails ends the session."""
    settings = settings_for(library, collections)
    with open_library(settings) as opened:
        conversation = Conversation(assistant_for(settings, opened))
        out = console()
        out.print(f"{len(opened.filings())} filings in {settings.library}. /help lists the commands.")
        for line in _lines():
            try:
                if line in ("/quit", "/exit"):
                    break
                if line.startswith("/"):
                    _command(line, conversation, opened)
                else:
                    show_answer(conversation.ask(line), trace=False)
            except TieoutError as error:
                out.print(f"{error}")
    return 0


def _lines() -> Iterator[str]:
    """Lines from a prompt with history at a terminal, or from a pipe; empty ones are left out."""
    if not sys.stdin.isatty():
        yield from (line.strip() for line in sys.stdin if line.strip())
        return
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    while True:
        try:
            line = session.prompt("tieout> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line:
            yield line


def _command(line: str, conversation: Conversation, library: View) -> None:
    out = console()
    name, _, argument = line.partition(" ")
    turn = conversation.last
    if name == "/help":
        out.print(HELP)
    elif turn is None:
        out.print(
            "nothing was asked yet"
            if name in ("/sources", "/open", "/trace")
            else f"no command {name}; /help lists them"
        )
    elif name == "/trace":
        show_trace(turn.answer)
    elif name == "/sources":
        for evidence in turn.evidence.lines:
            out.print(f"{evidence.id} {evidence.source}, page {evidence.span.physical_page}: {evidence.describe()}")
        out.print(turn.evidence.search.describe())
    elif name == "/open":
        view = cited_page(library, argument.strip() or "1")
        out.print(view.title, style="bold")
        for text, _, marked in wrap_page(view, max(out.width - 2, 40)):
            out.print(text, style="reverse" if marked else None)
    else:
        out.print(f"no command {name}; /help lists them")
