"""Words questions by the templates of ``templates.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from assistant.dataset.labels import is_generic, lowered
from assistant.dataset.times import Time

MONEY = frozenset(("USD", "EUR", "GBP", "JPY", "CAD", "CHF", "CNY"))
COMPARING = frozenset(("change", "growth", "rose", "fell"))
ADJACENT = "adjacent"
"""Among the fields where the first time is that of the year before: then a question may name the last alone."""
ORDINALS = ("", "first", "second", "third", "fourth")
COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
IN_LOWER_CASE, WITHOUT_MARK = 0.3, 0.12
"""Shares of the questions that are written all in lower case, and without a mark at the end."""


_CLUMSY = (
    (re.compile(r"\b(the|their|its|[\w.]+'s) the (?=\w)", re.I), r"\1 "),
    (re.compile(r"\b(total|average|net|other) \1\b", re.I), r"\1"),
    (re.compile(r"\bin (?=the end of|year-end|[A-Z][a-z]+ \d{1,2}, \d{4})"), "at "),
    (re.compile(r"\bin (?=the (?:three|six|nine|twelve) months)"), "for "),
)
"""What filled templates say clumsily, and what is said instead."""


@dataclass(frozen=True)
class Wording:
    """The templates of a file, drawn from with a generator of random numbers."""

    content: Mapping[str, Any]

    @property
    def weights(self) -> dict[str, int]:
        """How often each kind of question is tried."""
        return {kind: entry["weight"] for kind, entry in self.content["kind"].items()}

    def question(
        self, rng: Random, kind: str, fields: Mapping[str, str], direction: int = 0, unit: str | None = None
    ) -> str:
        """Return a question of ``kind``; ``direction`` is the sign of the change that it is about.

        Only an amount of money in ``unit`` is asked for in dollars.
        """
        entry = self.content["kind"][kind]
        if "same_as" in entry:
            return self.question(rng, rng.choice(entry["same_as"]), fields, direction, unit)
        choices = entry.get("shares", entry["any"]) if unit == "shares" else entry["any"]
        named = {1: "rise", -1: "fall"}.get(direction)
        choices = [*choices, *(entry.get(named, ()) if named else ())]
        usable = [text for text in choices if set(re.findall(r"\{(\w+)\}", text)) <= fields.keys()]
        if kind in COMPARING and ADJACENT not in fields:
            usable = [text for text in usable if "{first}" in text]
        if unit not in MONEY:
            usable = [text for text in usable if not re.search(r"\bdollars\b|\bUSD\b|\bamount\b", text)]
        return _finished(rng, rng.choice(usable).format_map(fields))

    def subject(self, rng: Random, name: str, company: str | None, *, named: bool = False) -> str:
        """A line as a question names it, perhaps with its company; ``named`` says that the company must be told."""
        forms = self.content["subject"]["named" if named else "forms"]
        usable = [form for form in forms if company is not None or "{company}" not in form]
        return str(rng.choice(usable)).format(line=name, company=company)

    def under_heading(self, rng: Random, label: str, heading: str) -> str:
        """The name of a line that means something only under its heading."""
        forms = self.content["heading"]
        return str(rng.choice(forms.get(label.lower(), forms["any"]))).format(
            line=lowered(label), heading=lowered(heading)
        )

    def is_generic(self, label: str) -> bool:
        """Whether a label needs its heading."""
        return is_generic(label, self.content["heading"]["generic"])

    def style(self, rng: Random, times: Sequence[Time]) -> tuple[list[str], list[str]]:
        """The times of a question as "in 2023" and as "2023", all in one style where they are of one kind."""
        inside = _several(rng, times, self.content["period"], "in")
        return inside, _several(rng, times, self.content["period"], "bare")


def _several(rng: Random, times: Sequence[Time], periods: Mapping[str, Any], form: str) -> list[str]:
    dated = all(time.date_tells for time in times)
    chosen: dict[str, str] = {}
    for time in times:
        forms = [text for text in periods[time.kind][form] if dated or "{date}" not in text]
        chosen.setdefault(time.kind, rng.choice(forms))
    return [chosen[time.kind].format_map(_words(time)) for time in times]


def _words(time: Time) -> dict[str, str]:
    return {
        "year": str(time.year),
        "quarter": str(time.quarter or ""),
        "ordinal": ORDINALS[time.quarter or 0],
        "months": COUNTS[time.months],
        "date": day(time.end) if time.end is not None else "",
        "column": time.column,
    }


def day(end: date) -> str:
    """``December 31, 2023``."""
    return f"{end:%B} {end.day}, {end.year}"


def listed(names: Sequence[str]) -> str:
    """``2021, 2022 and 2023``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _finished(rng: Random, text: str) -> str:
    """A question as people type it: now and then all in lower case or without a mark at its end."""
    text = " ".join(text.split())
    for clumsy, better in _CLUMSY:
        text = clumsy.sub(better, text)
    text = text[0].upper() + text[1:] if rng.random() < 0.7 else text
    if rng.random() < IN_LOWER_CASE:
        text = text.lower()
    return text.rstrip("?.") if rng.random() < WITHOUT_MARK else text


@cache
def built_in_wording() -> Wording:
    """Return the templates that come with Tieout."""
    return Wording(tomllib.loads(files("assistant.dataset").joinpath("templates.toml").read_text(encoding="utf-8")))
