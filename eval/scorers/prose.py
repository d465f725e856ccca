"""Decides prose answers by what can be compared: yes or no, key numbers, direction and names.

What agrees in all of it is correct, what contradicts is wrong, and all else is undecided: a person says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from eval.case import Case, Prediction
from eval.scorers.amounts import Amount, amounts_in
from eval.scorers.gold import GoldNumber, agrees_amount, amount_of, gold_number, near

Verdict = Literal["correct", "wrong", "undecided"]
Agreement = Literal["same", "opposite", "unclear", "absent"]

_SENTENCE = re.compile(
    r"(?<!\bInc)(?<!\bCorp)(?<!\bCo)(?<!\bLtd)(?<=[a-z)%\d”\"])[.!?]\s+(?=[A-Z“\"$-])|(?<=\bYes)\.\s+|(?<=\bNo)\.\s+|\n"
)
_POLARITY = re.compile(r"^\W*(yes|no)\b", re.IGNORECASE)
_DIRECTIONS = {
    "up": re.compile(r"\b(?:increas|improv|grew\b|grow|rose\b|ris(?:e|es|en|ing)\b|higher\b|gain|up\b|expan)\w*", re.I),
    "down": re.compile(
        r"\b(?:decreas|declin|drop|fell\b|fall|lower\b|shr[iu]nk|reduc|down\b|dragged|negative\b|loss|deficit|worse)\w*",
        re.I,
    ),
}
_CHOICE = re.compile(r"\bincreas\w*\s+or\s+(?:a\s+)?decreas\w*|\bdecreas\w*\s+or\s+(?:an\s+)?increas\w*", re.I)
_MARK = re.compile(r"\[\d+\]")
_WORD = re.compile(r"[A-Za-z][A-Za-z&'’-]*[A-Za-z]|[A-Z]")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][A-Za-z&'’-]+")
_PERIOD = re.compile(r"\b(?:FY\s?\d*\w*|Q[1-4]\w*|[A-Z][a-z]{2,8}\s+\d{1,2}(?:,\s*\d{4})?)")
_FEW_NAMES = 12
"""A gold answer of at most so many words without a verb is a name, or several."""
_SPARE_WORDS = 12
"""An answer that names what the gold names, and has at most so many words of its own, says nothing else."""
_CHANGE = re.compile(r"\bchang|\bdiffer|\bincreas|\bdecreas", re.IGNORECASE)
_FROM_TO = re.compile(r"\bfrom\b.*?\d.*?\bto\b.*?\d", re.IGNORECASE)
FEW_OTHERS = 2
"""So many numbers beside the key ones an answer may have, or as many as there are key ones."""
_MORE_ASKED = re.compile(r"\bif\s+so\b|(?:\band|,|\?)\s+(?:to\s+)?(?:what|how|why|which|who|where)\b", re.IGNORECASE)
"""A question that goes on like this is not answered by yes or no alone."""
_LITTLE = (
    "a an and as at by for from had has have in is it its of on or that the their there they this to was were with"
)
_LITTLE_WORDS = frozenset(_LITTLE.split())


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
    polarity = _polarities(wanted, said)
    if polarity is not None and None not in polarity and polarity[0] != polarity[1]:
        return Ruling("wrong", f"the key says {polarity[0]}, the answer {polarity[1]}")
    keys = key_numbers(wanted, case.question)
    agreements = [_agreement(key, wanted, said, prediction, len(keys)) for key in keys]
    change = change_of(keys, wanted)
    if change is not None and _CHANGE.search(case.question) and "same" not in agreements:
        ruling = _change(change, said, prediction)
        if ruling is not None:
            return ruling
    if "opposite" in agreements:
        return Ruling("wrong", "the same number in the opposite direction")
    if keys and _contradicts(keys, agreements, said, prediction, case.question):
        return Ruling("wrong", "other numbers of the same kind")
    if polarity is not None and polarity[1] is None:
        return Ruling("undecided", "the answer says neither yes nor no")
    missing = _missing_names(wanted, said, case.question)
    if missing:
        return Ruling("undecided", f"the answer does not name {', '.join(sorted(missing))}")
    if keys and _among_many(keys, said, prediction, case.question):
        return Ruling("undecided", "the key numbers would stand among many others")
    if keys:
        same = all(agreement == "same" for agreement in agreements) and _on_the_subject(wanted, said, case.question)
        return Ruling("correct" if same else "undecided", "key numbers")
    if polarity is not None:
        more = _MORE_ASKED.search(case.question)
        return Ruling("undecided" if more else "correct", f"both say {polarity[0]}")
    return _without_numbers(case, wanted, said)


def first_sentence(text: str) -> str:
    """Return the first sentence of ``text``, with the list that it announces by a colon."""
    stripped = text.strip()
    first = _SENTENCE.split(stripped)[0].strip()
    return stripped if first.endswith(":") and not _POLARITY.match(first) else first


def key_numbers(sentence: str, question: str) -> tuple[GoldNumber, ...]:
    """Return the numbers of a gold sentence that are not those of the question."""
    asked = {(amount.kind, amount.full) for amount in amounts_in(question)}
    found = (amount for amount in amounts_in(sentence) if (amount.kind, amount.full) not in asked)
    return tuple(gold_number(amount, question if amount.kind == "money" else "") for amount in found)


def change_of(keys: Sequence[GoldNumber], sentence: str) -> GoldNumber | None:
    """Return by how much a value went "from 31.2% ... to 28.4%": -2.8 percentage points; None for other sentences."""
    if (
        len(keys) != 2
        or keys[0].kind != keys[1].kind
        or keys[0].power != keys[1].power
        or not _FROM_TO.search(sentence)
    ):
        return None
    kind = "points" if keys[0].kind == "percent" else keys[0].kind
    decimals = max(key.decimals for key in keys)
    return replace(keys[1], value=keys[1].value - keys[0].value, kind=kind, decimals=decimals)


def said_amounts(prediction: Prediction, question: str) -> tuple[Amount, ...]:
    """Return the amounts of an answer, from its values and its text, but for those of the question."""
    asked = {(amount.kind, amount.full) for amount in amounts_in(question)}
    shown = (amount for value in prediction.values if (amount := amount_of(value)) is not None)
    written = amounts_in(prediction.text)
    return tuple(amount for amount in (*shown, *written) if (amount.kind, amount.full) not in asked)


def _change(change: GoldNumber, said: str, prediction: Prediction) -> Ruling | None:
    """Rule on a change by its size and its direction, by sign or in words; None where the size is not said."""
    for amount in said_amounts(prediction, ""):
        size = replace(amount, value=abs(amount.value))
        if agrees_amount(replace(change, value=abs(change.value)), size):
            down = amount.value < 0 or _one_direction(said) == "down"
            same = down == (change.value < 0)
            return Ruling("correct" if same else "wrong", "the change from one key number to the other")
    return None


def _polarities(wanted: str, said: str) -> tuple[str, str | None] | None:
    """What the key says and what the answer says; None where the key says neither yes nor no."""
    key, answer = _POLARITY.match(wanted), _POLARITY.match(said)
    return None if key is None else (key[1].lower(), answer[1].lower() if answer else None)


def _agreement(key: GoldNumber, wanted: str, said: str, prediction: Prediction, count: int) -> Agreement:
    """How an answer agrees with one key number. Words of direction stand for a sign: "fell by 0.9%"."""
    amounts = said_amounts(prediction, "")
    flipped = replace(key, value=-key.value)
    positive = any(agrees_amount(key, amount) for amount in amounts)
    negative = any(agrees_amount(flipped, amount) for amount in amounts)
    if not (positive or negative):
        return "unclear" if any(near(key, amount) for amount in amounts) else "absent"
    meant, given = _meant(key.value, wanted), _given(positive, key.value, said)
    if count > 1:
        turned = {_one_direction(wanted), _one_direction(said)} == {"up", "down"}
        return "same" if positive and not turned else "unclear"
    if meant is None or given is None:
        return "same" if positive and meant is None and given is None else "unclear"
    return "same" if meant == given else "opposite"


def _meant(value: Decimal, text: str) -> str | None:
    """The direction of a key number: by its sign, or by the words where they agree."""
    return "down" if value < 0 else _one_direction(text)


def _given(positive: bool, value: Decimal, text: str) -> str | None:
    """The direction of the answer's number: by its sign, or by the words where they agree."""
    printed_negative = value < 0 if positive else value > 0
    return "down" if printed_negative else _one_direction(text)


def _one_direction(text: str) -> str | None:
    found = [name for name, pattern in _DIRECTIONS.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else None


def _contradicts(
    keys: Sequence[GoldNumber], agreements: Iterable[Agreement], said: str, prediction: Prediction, question: str
) -> bool:
    """Whether an answer has at least as many numbers of the kinds of the key, and none of them is in it."""
    if any(agreement != "absent" for agreement in agreements):
        return False
    kinds = {key.kind for key in keys}
    alike = [amount for amount in said_amounts(replace(prediction, text=said), question) if amount.kind in kinds]
    return len(alike) >= len(keys)


def _among_many(keys: Sequence[GoldNumber], said: str, prediction: Prediction, question: str) -> bool:
    """Whether an answer has so many other numbers of the kinds of the key that it lists rather than answers."""
    kinds = {key.kind for key in keys}
    others = {
        amount.full
        for amount in said_amounts(replace(prediction, text=said), question)
        if amount.kind in kinds
        and not any(
            agrees_amount(replace(key, value=abs(key.value)), replace(amount, value=abs(amount.value))) for key in keys
        )
    }
    return len(others) > max(FEW_OTHERS, len(keys))


def _missing_names(wanted: str, said: str, question: str) -> set[str]:
    """The names of a gold sentence that neither the question nor the answer has."""
    known = _words(f"{question} {said}")
    names = (name for name in _NAME.findall(_PERIOD.sub(" ", wanted)))
    return {name for name in names if not _words(name) <= known}


def _on_the_subject(wanted: str, said: str, question: str) -> bool:
    """Whether an answer to "which" or "who" has half of the words that the key adds to the question."""
    if not re.search(r"\b(?:which|who|whose|where)\b", question, re.IGNORECASE):
        return True
    added = _words(wanted) - _words(question) - _LITTLE_WORDS
    added = {word for word in added if not any(pattern.match(word) for pattern in _DIRECTIONS.values())}
    return len(added & _words(said)) * 2 >= len(added)


def _without_numbers(case: Case, wanted: str, said: str) -> Ruling:
    """Decide by direction where the question offers both, else by names where both texts are little more."""
    if _CHOICE.search(case.question):
        meant, given = _one_direction(wanted), _one_direction(said)
        subject = _words(wanted) - _LITTLE_WORDS
        subject = {word for word in subject if not any(pattern.match(word) for pattern in _DIRECTIONS.values())}
        if meant is None or given is None or len(subject & _words(said)) * 2 < len(subject):
            return Ruling("undecided", "no clear direction of what was asked")
        return Ruling("correct" if meant == given else "wrong", f"the key goes {meant}, the answer {given}")
    names = _words(wanted) - _LITTLE_WORDS
    spare = [word for word in _WORD.findall(said) if word.lower() not in _words(f"{wanted} {case.question}")]
    few = len(_WORD.findall(wanted)) <= _FEW_NAMES and _WORD.search(wanted) is not None
    if few and names and names <= _words(said) and len(spare) <= _SPARE_WORDS and not _denies(wanted, said):
        return Ruling("correct", "it names the same")
    return Ruling("undecided", "prose")


def _denies(wanted: str, said: str) -> bool:
    """Whether one text denies and the other does not."""
    negations = re.compile(r"\b(?:no|not|none|never|neither|nor|without|except|excluding)\b|n['’]t\b", re.IGNORECASE)
    return bool(negations.search(wanted)) != bool(negations.search(said))


def _words(text: str) -> set[str]:
    return {word.lower().removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text)}
