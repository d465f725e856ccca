"""Learns labels of the vocabulary's concepts from tagged filings, which say of each printed row what it is.

The result is an extension in TOML, which a person can read, cut and load. It is the same for the same filings,
in whatever order they come. A label is learned where every filing agrees on it: in its statement it stands for
one concept, no other row of any filing has it with another tag, and reading it by the vocabulary's rule of
signs gives the tagged value. Concepts and formulas written by hand stay as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.facts import names_in_labels
from ingest.filing import Fact, Filing, Statement
from ingest.vocabulary import Concept, Vocabulary, normalise_label

MOST_WORDS = 12
"""A longer label is a sentence."""
FEWEST_WORDS = 2
"""A single word, as "Interest" or "Other", means something only below its heading."""
_GENERAL = frozenset(
    [
        "net",
        "total",
        "other",
        "change",
        "increase",
        "decrease",
        "adjustment",
        "amount",
        "income",
        "loss",
        "gain",
        "tax",
        "expense",
        "benefit",
        "period",
        "year",
        "end",
        "beginning",
        "after",
        "before",
        "including",
        "excluding",
        "current",
        "noncurrent",
        "attributable",
        "company",
        "the",
        "of",
        "in",
        "on",
        "for",
        "to",
        "from",
        "by",
        "&",
        "or",
        "at",
        "less",
        "than",
        "with",
        "and",
    ]
)
"""Words that many labels have; a label has to share another one with its element or with the concept's name."""
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+")
_OPENING = re.compile(r"\bbeginning\b|\bstart of\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TaggedRow:
    """One row of a table whose figures for the whole company carry one tag. ``label`` is in normal form.

    ``concept`` is the vocabulary's concept of the tag, if any; ``reads_right`` tells whether the printed
    figures, with the sign that the concept gives them, are the tagged values.
    """

    company: str
    source: str
    statement: Statement | None
    label: str
    path: tuple[str, ...]
    tag: str
    concept: str | None
    reads_right: bool


@dataclass(frozen=True, slots=True)
class LearnedLabel:
    """A label with the number of companies and of filings that print it."""

    label: str
    companies: int
    filings: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of tagged rows of the statements that have a concept, how many their label leads to it, elsewhere, nowhere."""

    right: int
    wrong: int
    missing: int

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.right + other.right, self.wrong + other.wrong, self.missing + other.missing)

    @property
    def share(self) -> float:
        """The share of rows that are led to their concept; 0 where there is no row."""
        return self.right / max(self.right + self.wrong + self.missing, 1)


def tagged_rows(filing: Filing, vocabulary: Vocabulary) -> Iterator[TaggedRow]:
    """Yield the rows of a filing that print tagged figures of the whole company under one tag."""
    rows: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in filing.facts:
        if fact.origin == "ixbrl" and fact.table is not None and fact.row is not None and not fact.dimensions:
            rows[fact.table, fact.row].append(fact)
    tables = {table.id: table for table in filing.tables}
    names = names_in_labels(filing.identity.company)
    for (table, number), facts in sorted(rows.items()):
        tags = {fact.concept for fact in facts if fact.concept}
        row = tables[table].rows[number]
        label = row.label
        for name in names:
            label = name.sub("the company", label)
        if len(tags) == 1 and (plain := normalise_label(label)):
            tag = tags.pop()
            concept = vocabulary.by_tag(tag)
            yield TaggedRow(
                company=filing.identity.company or filing.source,
                source=filing.source,
                statement=tables[table].statement,
                label=plain,
                path=row.path,
                tag=tag,
                concept=concept.key if concept is not None else None,
                reads_right=concept is not None and all(_reads_right(fact, concept) for fact in facts),
            )


def learn(
    rows: Iterable[TaggedRow], vocabulary: Vocabulary, *, least_companies: int = 1
) -> dict[str, tuple[LearnedLabel, ...]]:
    """Return the labels that the vocabulary lacks, by concept; both in alphabetical order.

    ``least_companies`` have to print a label for it to be learned.
    """
    by_label: dict[str, list[TaggedRow]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    learned: dict[str, list[LearnedLabel]] = defaultdict(list)
    for label in sorted(by_label):
        found = by_label[label]
        key = _only_concept(label, found, vocabulary)
        companies = {row.company for row in found if row.statement is not None}
        if key is not None and len(companies) >= least_companies:
            learned[key].append(LearnedLabel(label, len(companies), len({row.source for row in found})))
    return {key: tuple(learned[key]) for key in sorted(learned)}


def extended(vocabulary: Vocabulary, learned: dict[str, tuple[LearnedLabel, ...]]) -> Vocabulary:
    """Return the vocabulary with the learned labels behind its own."""
    more = {
        key: concept.model_copy(update={"labels": (*concept.labels, *(found.label for found in learned[key]))})
        for key, concept in vocabulary.concepts.items()
        if key in learned
    }
    return replace(vocabulary, concepts=vocabulary.concepts | more)


def to_toml(learned: dict[str, tuple[LearnedLabel, ...]]) -> str:
    """Return the learned labels as an extension that ``load_vocabulary`` reads, with the counts as comments."""
    lines = ["# Labels of concepts, learned from tagged filings: companies and filings that print each."]
    for key, labels in sorted(learned.items()):
        lines += ["", f"[more.{key}]", "labels = ["]
        lines += [f'  "{found.label}",  # {found.companies}, {found.filings}' for found in labels]
        lines += ["]"]
    return "\n".join(lines) + "\n"


def coverage(rows: Iterable[TaggedRow], vocabulary: Vocabulary) -> Coverage:
    """Count to which concepts the labels of tagged rows lead that stand in the statement of their concept."""
    total = Coverage(0, 0, 0)
    for row in rows:
        concept = vocabulary.concepts.get(row.concept or "")
        if concept is None or row.statement != concept.statement or not row.reads_right or _OPENING.search(row.label):
            continue
        found = vocabulary.by_label(row.label, row.path, row.statement)
        if found is None:
            total += Coverage(0, 0, 1)
        else:
            is_right = row.tag in found.tags or found.tags[0] == concept.tags[0]
            total += Coverage(1, 0, 0) if is_right else Coverage(0, 1, 0)
    return total


def cross_validated(
    rows: Sequence[TaggedRow], vocabulary: Vocabulary, *, least_companies: int = 1
) -> tuple[Coverage, Coverage]:
    """Return the coverage of each half of the companies without, and with, the labels learned from the other half."""
    companies = sorted({row.company for row in rows})
    before = after = Coverage(0, 0, 0)
    for half in (companies[::2], companies[1::2]):
        held = [row for row in rows if row.company in half]
        learned = learn((row for row in rows if row.company not in half), vocabulary, least_companies=least_companies)
        before += coverage(held, vocabulary)
        after += coverage(held, extended(vocabulary, learned))
    return before, after


def _only_concept(label: str, rows: Sequence[TaggedRow], vocabulary: Vocabulary) -> str | None:
    """The concept that every row with this label has, if the label may be learned for it."""
    keys = {row.concept for row in rows}
    key = keys.pop() if len(keys) == 1 else None
    concept = vocabulary.concepts.get(key or "")
    if concept is None or not FEWEST_WORDS <= len(label.split()) <= MOST_WORDS or re.search(r"\d", label):
        return None
    at_home = [row for row in rows if row.statement == concept.statement]
    if not at_home or not all(row.reads_right for row in rows) or _OPENING.search(label):
        return None
    if not _words_of(label) & {word for name in (concept.name, *concept.tags) for word in _words_of(_spelled(name))}:
        return None
    known = {vocabulary.by_label(label, row.path, row.statement) for row in rows}
    is_new = known == {None} and not any(
        label == normalise_label(other) for thing in vocabulary.concepts.values() for other in thing.labels
    )
    return concept.key if is_new else None


def _spelled(name: str) -> str:
    """A name in words: ``us-gaap:GoodwillGross`` is "goodwill gross"."""
    local = name.rpartition(":")[2]
    return normalise_label(" ".join(_CAMEL.findall(local)) if ":" in name else local)


def _words_of(label: str) -> set[str]:
    """The words of substance, without their plural."""
    return {word.removesuffix("s") for word in label.split() if len(word) > 1} - _GENERAL


def _reads_right(fact: Fact, concept: Concept) -> bool:
    """Whether a reader without the tag would give the printed figure the tagged sign, and the period its kind."""
    is_negative = bool(re.match(r"\s*\$?\s*[(−–-]", fact.printed)) and fact.value != 0
    signed = fact.value >= 0 if concept.positive else (fact.value < 0) == is_negative
    return (signed or concept.after is not None) and fact.period.is_instant == (concept.period == "instant")
