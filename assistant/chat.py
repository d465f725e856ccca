"""A conversation about the filings of a library: each question may lean on the one before it."""

from __future__ import annotations

from assistant.answer import Answer
from assistant.ask import Assistant, Turn


class Conversation:
    """Turns in order. A follow-up ("and the year before?") keeps company, period and line where it names none."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Answer:
        """Answer ``question`` in the light of the turn before it."""
        understood = (turn.query for turn in reversed(self.turns) if turn.query.things or turn.query.companies)
        turn = self.assistant.ask(question, next(understood, None))
        self.turns.append(turn)
        return turn.answer

    @property
    def last(self) -> Turn | None:
        """The latest turn, or None at the beginning."""
        return self.turns[-1] if self.turns else None
