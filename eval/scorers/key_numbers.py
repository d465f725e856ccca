"""Key numbers of a gold answer in prose, and whether an answer tells, turns, replaces or buries them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from eval.case import Prediction
from eval.scorers.amounts import Amount, amounts_in
from eval.scorers.gold import GoldNumber, agrees_amount, amount_of, gold_number, near
from eval.scorers.wording import SENTENCE, direction_of

_FROM_TO = re.compile(r"\bfrom\b.*?\d.*?\bto\b.*?\d", re.IGNORECASE)
FEW_OTHERS = 2
"""So many numbers beside the key ones an answer may have, or as many as there are key ones."""
_NUMBER_ASKED = re.compile(
    r"\bhow\s+(?:much|many)\b|\bwhat\s+(?:is|was|were|are)\s+the\s+(?:\w+\s+)?(?:amount|number|value|percentage|share|ratio)\b",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundred|thousand|million|billion|half|third|quarter|doubl\w+|tripl\w+)s?\b",
    re.IGNORECASE,
)
Agreement = Literal["same", "opposite", "unclear", "absent"]


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


def tells_change(change: GoldNumber, prediction: Prediction) -> bool | None:
    """Return whether a change is told in its direction, by sign or in words; None where its size is not told."""
    for amount in said_amounts(prediction, ""):
        if _same_size(change, amount):
            down = amount.value < 0 or direction_of(prediction.text) == "down"
            return down == (change.value < 0)
    return None


def agreement_with(key: GoldNumber, wanted: str, prediction: Prediction, count: int) -> Agreement:
    """How an answer agrees with one key number. Words of direction stand for a sign: "fell by 0.9%"."""
    said, amounts = prediction.text, said_amounts(prediction, "")
    flipped = replace(key, value=-key.value)
    positive = any(agrees_amount(key, amount) for amount in amounts)
    negative = any(agrees_amount(flipped, amount) for amount in amounts)
    if not (positive or negative):
        return "unclear" if any(near(key, amount) for amount in amounts) else "absent"
    meant = _meant(key.value, wanted)
    told = _where_it_stands(key, said)
    given = _given(positive, key.value, told if meant is None or direction_of(told) else said)
    if count > 1:
        turned = {direction_of(wanted), direction_of(said)} == {"up", "down"}
        return "same" if positive and not turned else "unclear"
    if meant is None or given is None:
        return "same" if positive and meant is None and given is None else "unclear"
    return "same" if meant == given else "opposite"


def _meant(value: Decimal, text: str) -> str | None:
    """The direction of a key number: by its sign, or by the words where they agree."""
    return "down" if value < 0 else direction_of(text)


def _given(positive: bool, value: Decimal, text: str) -> str | None:
    """The direction of the answer's number: by its sign, or by the words where they agree."""
    printed_negative = value < 0 if positive else value > 0
    return "down" if printed_negative else direction_of(text)


def _where_it_stands(key: GoldNumber, said: str) -> str:
    """The sentences of an answer that have a key number, whatever its sign; all of it where none has."""
    parts = [part for part in SENTENCE.split(said) if any(_same_size(key, amount) for amount in amounts_in(part))]
    return " ".join(parts) or said


def contradicts(
    keys: Sequence[GoldNumber], agreements: Iterable[Agreement], prediction: Prediction, question: str
) -> bool:
    """Whether an answer has at least as many numbers of the kinds of the key, and none of them is in it."""
    if any(agreement != "absent" for agreement in agreements):
        return False
    kinds = {key.kind for key in keys}
    alike = [amount for amount in said_amounts(prediction, question) if amount.kind in kinds]
    return len(alike) >= len(keys)


def lacks_the_number(keys: Sequence[GoldNumber], prediction: Prediction, question: str) -> bool:
    """Whether a question asks for a number and an answer has none but those of the question.

    A key of zero may be told as "none", and a number may be written in words.
    """
    asked = _NUMBER_ASKED.search(question) and all(key.value for key in keys)
    has = said_amounts(prediction, question) or _NUMBER_WORD.search(prediction.text)
    return bool(asked and not has)


def among_many(keys: Sequence[GoldNumber], known: Sequence[GoldNumber], prediction: Prediction, question: str) -> bool:
    """Whether an answer has so many other numbers of the kinds of the key that it lists rather than answers.

    Numbers that the key goes on to tell (``known``) are no others.
    """
    kinds = {key.kind for key in keys}
    others = {
        amount.full
        for amount in said_amounts(prediction, question)
        if amount.kind in kinds and not any(_same_size(key, amount) for key in (*keys, *known))
    }
    return len(others) > max(FEW_OTHERS, len(keys))


def tells_all(known: Sequence[GoldNumber], prediction: Prediction) -> bool:
    """Whether an answer has every number of a whole key, whatever its sign."""
    amounts = said_amounts(prediction, "")
    return all(any(_same_size(key, amount) for amount in amounts) for key in known)


def _same_size(key: GoldNumber, amount: Amount) -> bool:
    """Whether an amount is the key number, signs left aside."""
    return agrees_amount(replace(key, value=abs(key.value)), replace(amount, value=abs(amount.value)))
