"""Decides prose answers by what can be compared: yes or no, key numbers, direction and names.

What agrees in all of it is correct, what contradicts is wrong, and all else is undecided: a person says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eval.case import Case, Prediction
from eval.scorers.gold import GoldNumber
from eval.scorers.key_numbers import (
    Agreement,
    agreement_with,
    among_many,
    change_of,
    contradicts,
    key_numbers,
    lacks_the_number,
    tells_all,
    tells_change,
)
from eval.scorers.wording import (
    LITTLE_WORDS,
    SENTENCE,
    WORD,
    denies,
    direction_of,
    is_direction,
    is_name,
    may_mean,
    names_in,
    phrases_in,
    words,
)

Verdict = Literal["correct", "wrong", "undecided"]
_POLARITY = re.compile(r"^\W*(yes|no)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\bincreas\w*\s+or\s+(?:a\s+)?decreas\w*|\bdecreas\w*\s+or\s+(?:an\s+)?increas\w*", re.I)
_MARK = re.compile(r"\[\d+\]")
_FEW_NAMES = 12
"""A gold answer of at most so many words without a verb is a name, or several."""
_SPARE_WORDS = 12
"""An answer that names what the gold names, and has at most so many words of its own, says nothing else."""
_CHANGE = re.compile(r"\bchang|\bdiffer|\bincreas|\bdecreas", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:which|who|whose|where)\b", re.IGNORECASE)
_NAME_ASKED = re.compile(r"(?:^|[.,:;?]\s+)\W*(?:of\s+\w+,\s+)?(?:which|who|whose)\b", re.IGNORECASE)
_LISTING = frozenset(("following", "include", "includes", "including", "namely"))
_MORE_ASKED = re.compile(r"\bif\s+so\b|(?:\band|,|\?)\s+(?:to\s+)?(?:what|how|why|which|who|where)\b", re.IGNORECASE)
"""A question that goes on like this is not answered by yes or no alone."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict, and what decided it."""

    verdict: Verdict
    reason: str


def decide(case: Case, prediction: Prediction) -> Ruling:
    """Decide an answer against the first sentence of a gold answer in prose.

    A list that an opening sentence announces belongs to it. A number of the question is no key number.
    """
    wanted = first_sentence(case.gold)
    said = _MARK.sub(" ", prediction.text)
    spoken = replace(prediction, text=said)
    keys = key_numbers(wanted, case.question)
    agreements = [agreement_with(key, wanted, spoken, len(keys)) for key in keys]
    polarity = _polarities(wanted, said)
    if polarity is None:
        ruling = _without_what_was_asked(case, wanted, keys, spoken)
    elif polarity[1] and polarity[0] != polarity[1]:
        ruling = Ruling("wrong", f"the key says {polarity[0]}, the answer {polarity[1]}")
    else:
        ruling = None
    ruling = ruling or _by_contradiction(case, wanted, keys, agreements, spoken)
    if ruling is not None:
        return ruling
    if polarity is not None and polarity[1] is None:
        return Ruling("undecided", "the answer says neither yes nor no")
    there = words(f"{case.question} {said}")
    missing = {name for name in names_in(wanted) if not words(name) <= there}
    if missing:
        return Ruling("undecided", f"the answer does not name {', '.join(sorted(missing))}")
    if keys:
        return _by_key_numbers(case, wanted, keys, agreements, spoken)
    if polarity is not None:
        more = _MORE_ASKED.search(case.question)
        return Ruling("undecided" if more else "correct", f"both say {polarity[0]}")
    return _without_numbers(case, wanted, said)


def _without_what_was_asked(
    case: Case, wanted: str, keys: Sequence[GoldNumber], prediction: Prediction
) -> Ruling | None:
    """Rule that an answer is wrong which has no number, or not the name, that the question asks for."""
    if keys and lacks_the_number(keys, prediction, case.question):
        return Ruling("wrong", "a number is asked for, and the answer has none")
    if _NAME_ASKED.search(case.question) and is_name(wanted) and not may_mean(prediction.text, wanted):
        return Ruling("wrong", f"it does not name {wanted}")
    return None


def _by_contradiction(
    case: Case, wanted: str, keys: Sequence[GoldNumber], agreements: Sequence[Agreement], prediction: Prediction
) -> Ruling | None:
    """Rule on an answer by a change that it tells, or by key numbers that it turns or replaces; None without."""
    change = change_of(keys, wanted)
    if change is not None and _CHANGE.search(case.question) and "same" not in agreements:
        same = tells_change(change, prediction)
        if same is not None:
            return Ruling("correct" if same else "wrong", "the change from one key number to the other")
    if "opposite" in agreements:
        return Ruling("wrong", "the same number in the opposite direction")
    if keys and contradicts(keys, agreements, prediction, case.question):
        return Ruling("wrong", "other numbers of the same kind")
    return None


def _by_key_numbers(
    case: Case, wanted: str, keys: Sequence[GoldNumber], agreements: Sequence[Agreement], prediction: Prediction
) -> Ruling:
    """Rule on an answer that contradicts nothing by whether it tells the key numbers, and little else."""
    known = key_numbers(case.gold, case.question)
    if among_many(keys, known, prediction, case.question):
        return Ruling("undecided", "the key numbers would stand among many others")
    if any(agreement != "same" for agreement in agreements) or not _on_the_subject(
        wanted, prediction.text, case.question
    ):
        return Ruling("undecided", "key numbers")
    if _MORE_ASKED.search(case.question) and not tells_all(known, prediction):
        return Ruling("undecided", "more is asked, and the answer has not all numbers of the key")
    return Ruling("correct", "key numbers")


def first_sentence(text: str) -> str:
    """Return the first sentence of ``text``, with the list that it announces by a colon."""
    stripped = text.strip()
    first = SENTENCE.split(stripped)[0].strip()
    return stripped if first.endswith(":") and not _POLARITY.match(first) else first


def _polarities(wanted: str, said: str) -> tuple[str, str | None] | None:
    """What the key says and what the answer says; None where the key says neither yes nor no."""
    key, answer = _POLARITY.match(wanted), _POLARITY.match(said)
    return None if key is None else (key[1].lower(), answer[1].lower() if answer else None)


def _on_the_subject(wanted: str, said: str, question: str) -> bool:
    """Whether an answer to "which" or "who" has half of the words that the key adds to the question."""
    if not _WHICH.search(question):
        return True
    added = words(wanted) - words(question) - LITTLE_WORDS
    added = {word for word in added if not is_direction(word)}
    return len(added & words(said)) * 2 >= len(added)


def _without_numbers(case: Case, wanted: str, said: str) -> Ruling:
    """Decide by direction where the question offers both, else by names where both texts are little more."""
    if _CHOICE.search(case.question):
        meant, given = direction_of(wanted), direction_of(said)
        subject = words(wanted) - LITTLE_WORDS
        subject = {word for word in subject if not is_direction(word)}
        if meant is None or given is None or len(subject & words(said)) * 2 < len(subject):
            return Ruling("undecided", "no clear direction of what was asked")
        return Ruling("correct" if meant == given else "wrong", f"the key goes {meant}, the answer {given}")
    names = words(wanted) - LITTLE_WORDS
    spare = [word for word in WORD.findall(said) if word.lower() not in words(f"{wanted} {case.question}")]
    few = len(WORD.findall(wanted)) <= _FEW_NAMES and WORD.search(wanted) is not None
    if few and names and names <= words(said) and len(spare) <= _SPARE_WORDS and not denies(wanted, said):
        return Ruling("correct", "it names the same")
    same = _lists_the_same(wanted, said, case.question)
    return Ruling("correct", "it lists the same names") if same else Ruling("undecided", "prose")


def _lists_the_same(wanted: str, said: str, question: str) -> bool:
    """Whether a key is a list of names and nothing else, and an answer has these names and no other."""
    asked = words(question)
    names = {name for name in phrases_in(wanted) if not words(name) <= asked}
    rest = words(wanted) - asked - LITTLE_WORDS - _LISTING - {word for name in names for word in words(name)}
    others = {name for name in phrases_in(said) if not words(name) <= asked} - names
    plain = " ".join(said.lower().split())
    given = all(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", plain) for name in names)
    return len(names) > 1 and not rest and not others and given and not denies(wanted, said)
