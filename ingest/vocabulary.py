"""The domain's vocabulary: concepts with their tags, printed labels and asked names; derived metrics.

The vocabulary is data (``vocabulary.toml``); a user's own TOML file of the same shape extends it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import ConfigurationError
from ingest.filing import Statement

_DROPPED = re.compile(
    r"\((?:[a-z]|\d{1,2}|note[s]? [\d, and]+|see note[^)]*)\)|\bnote[s]? \d+\b|[$:*†‡]", re.IGNORECASE
)
_AMOUNTS = re.compile(r"(?:\s+of|\s+at)?[\s,(–—-]*\$\s?[\d,.]+.*$", re.IGNORECASE)
_FLOW = re.compile(
    r"\b(?:provided|used|generated|required)(?:\s+(?:by|in|for|from))?"
    r"(?:\s+(?:provided|used|generated|required)(?:\s+(?:by|in|for|from))?)*\b"
)
_SLASH = re.compile(r"/(?=[\s(])|(?<=[\s)])/")
_NOISE = re.compile(r"[^a-z0-9&%/]+")
_DASHES = re.compile(r"[‐-―−]")


class Concept(BaseModel):
    """One line of the statements.

    ``tags`` are qualified names, the first of which stands for the concept. ``labels`` are what filings
    print, in order of precedence, and ``asked`` what people call it. ``positive`` concepts are amounts
    that are positive by definition, though statements may print them in parentheses: payments and
    expenses. ``under`` limits the labels to rows below a heading that has one of these words in it, as
    "Basic" below "Earnings per share". ``after`` names the concept from which this one leads to one of the
    next rows of its statement, as taxes lead from income before taxes to net income: that settles its sign.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    tags: tuple[str, ...] = Field(min_length=1)
    labels: tuple[str, ...] = Field(min_length=1)
    asked: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    statement: Statement
    period: Literal["instant", "duration"]
    unit: Literal["money", "money/shares", "shares", "pure"] = "money"
    positive: bool = False
    after: str | None = None


class Formula(BaseModel):
    """A metric that is computed: a program over concept keys and relative periods (0, -1 …).

    ``result`` says how the result is shown; ``source`` says who defines it so. ``better`` is which way an
    improvement goes, where analysts agree on that.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    asked: tuple[str, ...] = Field(min_length=1)
    program: str
    result: Literal["money", "percent", "ratio", "days", "money/shares"]
    source: str
    better: Literal["higher", "lower"] | None = None


class _More(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    more: dict[str, _More] = {}
    concept: dict[str, dict[str, Any]] = {}
    formula: dict[str, dict[str, Any]] = {}


_OPERAND = re.compile(r"\b([a-z][a-z0-9_]*)\[")


@lru_cache(maxsize=1 << 14)
def normalise_label(label: str) -> str:
    """Return ``label`` in the form in which labels are compared.

    Lower case, without notes, punctuation and amounts ("less allowances of $95"), and with "provided by
    (used in)" in any of its shapes as "from".
    """
    spaced = " ".join(label.split())
    plain = _DASHES.sub(" ", _AMOUNTS.sub("", spaced).replace("’", "'").replace("'s", "s").replace("'", ""))
    plain = _SLASH.sub(" ", _DROPPED.sub(" ", plain)).lower().replace(" and ", " & ")
    return " ".join(_FLOW.sub("from", " ".join(_NOISE.sub(" ", plain).split())).split())


_SAME_WORDS = (
    (re.compile(r"\bnon controlling\b"), "noncontrolling"),
    (re.compile(r"\b(?:shareowner|stockholder)"), "shareholder"),
    (
        re.compile(r"\b(income|earnings|profit|gains?) loss(?:es)?\b|\bloss(?:es)? (income|earnings|profit|gains?)\b"),
        r"\1\2",
    ),
    (re.compile(r"^(?:less|plus|add|deduct) "), ""),
    (re.compile(r"\b(?:year|month|quarter)\b"), "period"),
    (re.compile(r"(?<=[a-z]{3})(?<!s)s\b"), ""),
)


@lru_cache(maxsize=1 << 14)
def loose_label(normal: str) -> str:
    """Return a label in normal form without what changes nothing: number, "(loss)", "less:", a name for holders."""
    for pattern, plain in _SAME_WORDS:
        normal = pattern.sub(plain, normal)
    return normal


@dataclass(frozen=True)
class Vocabulary:
    """Concepts and formulas, with the look-ups that readers and searchers need."""

    concepts: dict[str, Concept]
    formulas: dict[str, Formula]

    @cached_property
    def _by_tag(self) -> dict[str, Concept]:
        return {tag: concept for concept in self.concepts.values() for tag in concept.tags}

    @cached_property
    def _by_label(self) -> dict[str, list[Concept]]:
        found: dict[str, list[Concept]] = {}
        for concept in self.concepts.values():
            for label in dict.fromkeys(map(normalise_label, concept.labels)):
                found.setdefault(label, []).append(concept)
        return found

    @cached_property
    def _by_loose_label(self) -> dict[str, list[Concept]]:
        found: dict[str, dict[str, Concept]] = {}
        for label, concepts in self._by_label.items():
            found.setdefault(loose_label(label), {}).update({concept.key: concept for concept in concepts})
        return {label: list(concepts.values()) for label, concepts in found.items()}

    @cached_property
    def asked_names(self) -> tuple[tuple[str, Concept | Formula], ...]:
        """Every normalised name by which a question may ask for something, longest first."""
        names: dict[tuple[str, str], Concept | Formula] = {}
        for formula in self.formulas.values():
            for name in (formula.name, *formula.asked):
                names[normalise_label(name), formula.key] = formula
        for concept in self.concepts.values():
            labels = () if concept.under else concept.labels
            for name in (concept.name, *concept.asked, *labels):
                names.setdefault((normalise_label(name), concept.key), concept)
        return tuple((name, thing) for (name, _), thing in sorted(names.items(), key=lambda item: -len(item[0][0])))

    @cached_property
    def _asked_by_word(self) -> dict[str, list[tuple[str, Concept | Formula]]]:
        found: dict[str, list[tuple[str, Concept | Formula]]] = {}
        for name, thing in self.asked_names:
            found.setdefault(name.split()[0] if name else "", []).append((name, thing))
        return found

    def names_in(self, text: str) -> list[tuple[str, Concept | Formula]]:
        """Return the names of ``asked_names`` that may stand in a normalised text, longest first."""
        words = dict.fromkeys(text.split())
        found = [entry for word in words for entry in self._asked_by_word.get(word, ())]
        return sorted(found, key=lambda entry: -len(entry[0]))

    @cached_property
    def asked_words(self) -> frozenset[str]:
        """Every word of those names."""
        return frozenset(word for name, _ in self.asked_names for word in name.split())

    def operands(self, thing: Concept | Formula) -> tuple[Concept, ...]:
        """Return the concepts that a figure may be found by: a concept itself, then those it is computed from."""
        if isinstance(thing, Concept):
            stand_in = self.formulas.get(f"{thing.key}_computed")
            return (thing, *(self.operands(stand_in) if stand_in is not None else ()))
        keys = dict.fromkeys(_OPERAND.findall(thing.program))
        return tuple(self.concepts[key] for key in keys if key in self.concepts)

    def by_tag(self, tag: str) -> Concept | None:
        """Return the concept that ``tag`` stands for, if any."""
        return self._by_tag.get(tag)

    def by_label(self, label: str, path: tuple[str, ...], statement: Statement | None) -> Concept | None:
        """Return the concept of a printed row: by its label, its headings and the statement it is in.

        The heading with the longest words decides between concepts that need one. A label of another
        statement counts where both state flows or both balances, but not in a statement of equity.
        Without a statement only labels that mean the same everywhere are taken. A label that is in no list as
        it is printed is compared once more without what changes nothing (``loose_label``).
        """
        headings = normalise_label(" ".join(path))
        plain = normalise_label(label)
        exact = self._by_label.get(plain)
        if exact is not None:
            return _meant(exact, headings, statement)
        return _meant(self._by_loose_label.get(loose_label(plain), []), headings, statement)

    def precedence(self, concept: Concept, label: str) -> int:
        """Return how far down a concept's labels ``label`` stands, from 0; after all of them if it is none."""
        labels = list(map(normalise_label, concept.labels))
        plain = normalise_label(label)
        return labels.index(plain) if plain in labels else len(labels)


def _meant(candidates: Sequence[Concept], headings: str, statement: Statement | None) -> Concept | None:
    """The one concept that a label means below its headings in its statement, or None."""
    found = [concept for concept in candidates if not concept.under or _depth(concept, headings)]
    if statement is not None:
        own = [concept for concept in found if concept.statement == statement]
        found = own or [concept for concept in found if _may_stand_in(concept, statement)]
    deepest = max((_depth(concept, headings) for concept in found), default=0)
    found = [concept for concept in found if _depth(concept, headings) == deepest]
    return found[0] if len({concept.key for concept in found}) == 1 else None


def _depth(concept: Concept, headings: str) -> int:
    """The length of the longest heading that the concept needs and that is there; 0 where it needs none."""
    return max((len(word) for word in map(normalise_label, concept.under) if word in headings), default=0)


def _may_stand_in(concept: Concept, statement: Statement) -> bool:
    if "equity" in (statement, concept.statement):
        return False
    return concept.period == ("instant" if statement == "balance" else "duration")


def load_vocabulary(*extensions: Path) -> Vocabulary:
    """Return the built-in vocabulary with the user's files laid over it, later ones first in force.

    A file may bring concepts and formulas, which replace those of the same key, and under ``more.KEY`` further
    labels and asked names of a concept that is there, which come after its own. Raises ConfigurationError,
    naming the file, where one is not valid.
    """
    built_in = files("ingest").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    vocabulary = _laid_over(Vocabulary({}, {}), built_in, "the built-in vocabulary")
    for path in extensions:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(f"cannot read the vocabulary {path}: {error.strerror}") from error
        vocabulary = _laid_over(vocabulary, text, str(path))
    return vocabulary


@cache
def built_in_vocabulary() -> Vocabulary:
    """Return the vocabulary that comes with Tieout."""
    return load_vocabulary()


def _laid_over(below: Vocabulary, text: str, name: str) -> Vocabulary:
    try:
        content = _File.model_validate(tomllib.loads(text))
        concepts = below.concepts | {key: Concept(key=key, **fields) for key, fields in content.concept.items()}
        formulas = below.formulas | {key: Formula(key=key, **fields) for key, fields in content.formula.items()}
    except (tomllib.TOMLDecodeError, ValidationError, TypeError) as error:
        raise ConfigurationError(f"{name} is not valid: {error}") from error
    for key, more in content.more.items():
        if key not in concepts:
            raise ConfigurationError(f"{name} has more labels for {key}, which is no concept of the vocabulary")
        own = concepts[key]
        update = {"labels": (*own.labels, *more.labels), "asked": (*own.asked, *more.asked)}
        concepts[key] = own.model_copy(update=update)
    return Vocabulary(concepts, formulas)
