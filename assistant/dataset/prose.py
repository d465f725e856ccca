"""Questions that a sentence of the filing answers in its own words, made by the rules of ``prose.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from assistant.dataset.asks import Ask
from assistant.dataset.labels import content_words, lowered
from assistant.dataset.sheets import Sheet
from index.contract import FilingRecord
from index.evidence import EvidenceLine
from index.search import sentence_lines
from index.view import View

MOST_FOUND = 60
"""Passages that are looked through for each rule in each filing."""
LONGEST = 70
"""Words of the longest sentence that is asked for."""
_PRONOUNS = re.compile(
    r"^(?:this|these|that|those|it|they|such|we|there|which|both|the\s+(?:increase|decrease|change))\b", re.I
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that answers the questions of a rule, and the words that fill them."""

    line: EvidenceLine
    rule: int
    words: Mapping[str, str]


@cache
def rules() -> tuple[Mapping[str, Any], ...]:
    """Return the rules that come with Tieout."""
    return tuple(_content()["rule"])


@cache
def _content() -> Mapping[str, Any]:
    return tomllib.loads(files("assistant.dataset").joinpath("prose.toml").read_text(encoding="utf-8"))


@cache
def _pattern(rule: int) -> re.Pattern[str]:
    return re.compile(rules()[rule]["pattern"])


def match(line: EvidenceLine, rule: int) -> Sentence | None:
    """Return what a rule finds in a sentence, or None."""
    text = line.label
    if line.kind != "sentence" or len(text.split()) > LONGEST or not text.rstrip("”\"') ").endswith("."):
        return None
    found = _pattern(rule).match(text)
    if found is None:
        return None
    words = {name: " ".join(said.split()) for name, said in found.groupdict().items() if said}
    what = words.get("what", "")
    said = re.findall(r"[a-z]{4,}", what.lower())
    if what and (_PRONOUNS.match(what) or what.endswith(",") or not content_words(what) or len(said) != len(set(said))):
        return None
    key = words.get("way") or words.get("verb", "")
    words |= {name: forms[key] for name in ("base", "noun", "does") if key in (forms := _content()[name])}
    if what:
        words["what"] = re.sub(r"^(?:Our|Its|The Company[’']s)\s+", "", what)
        words["what"] = lowered(words["what"])
    return Sentence(line, rule, words)


def find_sentences(filing: FilingRecord, library: View) -> list[Sentence]:
    """Return the sentences of a filing that a rule fits, in the order of the rules."""
    found: dict[tuple[int, str], Sentence] = {}
    for number, rule in enumerate(rules()):
        ranked = library.lexical(rule["find"], filing_ids=[filing.id], limit=MOST_FOUND)
        for record in library.passages([rowid for rowid, _ in ranked]):
            if record.passage.table is not None:
                continue
            for line in sentence_lines(record, filing):
                sentence = match(line, number)
                if sentence is not None:
                    found.setdefault((number, line.label), sentence)
    return list(found.values())


def question_of(sentence: Sentence, company: str, rng: Random) -> str:
    """A question that the sentence answers."""
    fields = {**sentence.words, "company": company}
    usable = [
        text for text in rules()[sentence.rule]["questions"] if set(re.findall(r"\{(\w+)\}", text)) <= fields.keys()
    ]
    text = str(rng.choice(usable)).format_map(fields)
    text = text[0].upper() + text[1:] if rng.random() < 0.8 else text
    return text.lower() if rng.random() < 0.25 else text


def quotation_of(sheet: Sheet, sentence: Sentence, question: str) -> Ask | None:
    """The question answered by quoting the sentence, where the sheet has it and no second one that would do."""
    lines = [line for line in sheet.evidence.lines if line.kind == "sentence"]
    own = [line for line in lines if line.label == sentence.line.label]
    if not own or _rivals(lines, sentence):
        return None
    return Ask(f"quote_{rules()[sentence.rule]['kind']}", question, f"quote({own[0].id})")


def with_sentence(sheet: Sheet, sentence: Sentence, rng: Random) -> Sheet:
    """The sheet with a sentence that the search did not bring put in, in a place drawn; its last line gives way."""
    lines = list(sheet.evidence.lines[:-1] if len(sheet.evidence.lines) > 2 else sheet.evidence.lines)
    lines.insert(rng.randint(0, len(lines)), sentence.line)
    numbered = tuple(replace(line, id=f"E{number}") for number, line in enumerate(lines, start=1))
    return replace(sheet, evidence=replace(sheet.evidence, lines=numbered), kind="prose, its sentence put in")


def without_sentence(sheet: Sheet, sentence: Sentence) -> Sheet | None:
    """The sheet without a sentence; None where nothing would be left."""
    left = [line for line in sheet.evidence.lines if line.label != sentence.line.label]
    numbered = tuple(replace(line, id=f"E{number}") for number, line in enumerate(left, start=1))
    return replace(sheet, evidence=replace(sheet.evidence, lines=numbered)) if left else None


def refusal_of(sheet: Sheet, sentence: Sentence, question: str) -> Ask | None:
    """The question refused, where no line of the sheet speaks of what it is about."""
    words = content_words(sentence.words.get("what", ""))
    if not words or rules()[sentence.rule].get("only"):
        return None
    for line in sheet.evidence.lines:
        if line.kind == "sentence" and len(words & content_words(line.label)) * 2 >= len(words):
            return None
    return Ask("not_reported", question, "abstain(not_reported)")


def _rivals(lines: Sequence[EvidenceLine], sentence: Sentence) -> bool:
    """Whether another sentence would answer as well: one that the rule fits and that speaks of the same."""
    words = content_words(sentence.words.get("what", ""))
    for line in lines:
        other = match(line, sentence.rule) if line.label != sentence.line.label else None
        if other is None:
            continue
        shared = words & content_words(other.words.get("what", ""))
        if rules()[sentence.rule].get("only") or 2 * len(shared) >= len(words):
            return True
    return False
