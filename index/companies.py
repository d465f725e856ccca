"""Which companies of the library a question speaks of, and whether it speaks of one that is not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ingest.registrant import plain_company
from ingest.vocabulary import Vocabulary, normalise_label

_GENERIC = frozenset(
    [
        "american",
        "united",
        "general",
        "international",
        "first",
        "national",
        "bank",
        "home",
        "new",
        "global",
        "great",
        "standard",
        "north",
        "south",
        "west",
        "east",
        "pacific",
        "atlantic",
        "central",
        "consolidated",
        "federal",
        "royal",
        "southern",
        "northern",
        "western",
        "eastern",
        "best",
        "big",
        "energy",
        "capital",
    ]
)
"""First words that many companies share, and that say nothing alone."""
_TRAILING = re.compile(
    r"\s+(?:holdings?|group|platforms|technologies|international|enterprises|worldwide|wholesale|\.com)$",
    re.I,
)
_CAPITALISED = re.compile(r"(?<![\w&'’.-])([A-Z][\w&.’'-]*(?:\s+(?:&\s+)?[A-Z][\w&.’'-]*)*)")
_JOINED = re.compile(r"([A-Z])[\w’'-]* (?:&|and) ([A-Z])[\w’'-]*")
"""Two words that are joined, such as Procter & Gamble, are called by their initials with the sign between."""
_POSSESSIVE = re.compile(r"['’]s?$")
_NOT_NAMES = frozenset(
    [
        "i",
        "q1",
        "q2",
        "q3",
        "q4",
        "h1",
        "h2",
        "fy",
        "usd",
        "us",
        "u.s",
        "eur",
        "gbp",
        "gaap",
        "ifrs",
        "sec",
        "form",
        "item",
        "note",
        "part",
        "p&l",
        "pnl",
        "ceo",
        "cfo",
        "coo",
        "board",
        "company",
        "what",
        "who",
        "which",
        "how",
        "when",
        "where",
        "why",
        "is",
        "are",
        "was",
        "were",
        "did",
        "does",
        "do",
        "has",
        "have",
        "give",
        "list",
        "show",
        "compare",
        "calculate",
        "compute",
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "of",
        "for",
        "to",
        "and",
        "or",
        "if",
        "please",
        "answer",
        "round",
        "use",
        "using",
        "based",
        "base",
        "assume",
        "state",
        "according",
        "ttm",
        "yoy",
        "qoq",
        "m&a",
        "agm",
        "ipo",
        "etf",
        "var",
        "roa",
        "roe",
        "roic",
        "ebit",
        "ebitda",
        "ebitdar",
        "eps",
        "dpo",
        "dso",
        "dio",
        "ccc",
        "fcf",
        "capex",
        "opex",
        "cogs",
        "sg&a",
        "r&d",
        "ppe",
        "pp&e",
        "ppne",
        "d&a",
        "revenue",
        "sales",
        "income",
        "cash",
        "total",
        "net",
        "gross",
        "operating",
        "annual",
        "quarterly",
        "fiscal",
        "year",
        "quarter",
        "balance",
        "sheet",
        "statement",
        "million",
        "millions",
        "billion",
        "billions",
        "thousand",
        "thousands",
        "dollars",
        "percent",
        "america",
        "north",
        "south",
        "europe",
        "asia",
        "africa",
        "china",
        "japan",
        "india",
        "canada",
        "mexico",
        "germany",
        "france",
        "uk",
        "united",
        "states",
        "kingdom",
        "emea",
        "apac",
        "latam",
    ]
) | frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)


@dataclass(frozen=True, slots=True)
class NamedCompanies:
    """``known`` are companies as the library names them; ``unknown`` are names that it does not have.

    ``written`` is how the question writes the known ones.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    written: tuple[str, ...] = ()


def find_companies(question: str, companies: Mapping[str, str | None], vocabulary: Vocabulary) -> NamedCompanies:
    """Return the companies that ``question`` names; ``companies`` maps names to tickers (or None)."""
    aliases = company_aliases(companies)
    codes = {code for company, ticker in companies.items() for code in _codes(company, ticker)}
    found: list[tuple[int, int, str]] = []
    for alias, company in sorted(aliases.items(), key=lambda item: -len(item[0])):
        # COST is a ticker and "cost" a word; $3m is no company either.
        exact = alias in codes or (alias.isupper() and len(alias) <= 3)
        for match in re.finditer(_alias_pattern(alias), question, 0 if exact else re.I):
            span = (match.start(), match.end())
            if not any(start < span[1] and span[0] < end for start, end, _ in found):
                found.append((*span, company))
    if not found:
        found = _abbreviated(question, companies)
    known = tuple(dict.fromkeys(company for _, _, company in sorted(found)))
    rest = question
    for start, end, _ in found:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    written = tuple(question[start:end] for start, end, _ in sorted(found))
    return NamedCompanies(known, tuple(_other_names(rest, vocabulary)) if not known else (), written)


def _abbreviated(question: str, companies: Iterable[str]) -> list[tuple[int, int, str]]:
    """Names such as AMEX that are made of the beginnings of all words of one company's name."""
    found = []
    for match in re.finditer(r"(?<![\w&])[A-Z][A-Za-z]{2,}(?![\w&])", question):
        fitting = [company for company in companies if abbreviates(match[0], plain_company(company))]
        if len(fitting) == 1 and match[0].lower() not in _NOT_NAMES:
            found.append((match.start(), match.end(), fitting[0]))
    return found


def abbreviates(short: str, name: str) -> bool:
    """Whether ``short`` is the beginnings of the words of ``name`` in order, one of them two letters or more."""
    words = re.findall(r"\w+", name.lower())
    if len(words) < 2 or len(short) <= len(words):
        return False
    pattern = "".join(rf"({'('.join(map(re.escape, word))}{')?' * (len(word) - 1)})" for word in words)
    return re.fullmatch(pattern, short.lower()) is not None


def company_aliases(companies: Mapping[str, str | None]) -> dict[str, str]:
    """Every name by which a company of the library may be called, and the company; shared names are left out."""
    owners: dict[str, set[str]] = {}
    for company, ticker in companies.items():
        for alias in (*_names(company), *_codes(company, ticker)):
            owners.setdefault(alias, set()).add(company)
    return {alias: next(iter(owner)) for alias, owner in owners.items() if len(owner) == 1}


def _names(company: str) -> Iterable[str]:
    """What a company may be called in writing, of any case."""
    plain = plain_company(company)
    yield company
    yield plain
    short = _short(plain)
    while plain != short:
        plain = _shorter(plain)
        yield plain
    words = re.findall(r"[\w&’'-]+", short)
    if len(words) >= 2 and words[0].lower() not in _GENERIC and len(words[0]) >= 3:
        yield words[0]
    if len(words) >= 3 and not words[-1].startswith("&"):
        yield " ".join(words[:2])


def _codes(company: str, ticker: str | None) -> Iterable[str]:
    """What stands for a company in capitals only: its initials and its ticker."""
    words = re.findall(r"[\w&’'-]+", _short(plain_company(company)))
    initials = "".join(word[0] for word in words if word[0].isupper())
    if len(initials) >= 3:
        yield initials
    joined = _JOINED.fullmatch(_short(plain_company(company)))
    if joined and (code := f"{joined[1]}&{joined[2]}").lower() not in _NOT_NAMES:
        yield code
    if ticker and len(ticker) >= 2:
        yield ticker.upper()


def _shorter(name: str) -> str:
    return _TRAILING.sub("", re.sub(r"\.com$", "", name, flags=re.I))


def _short(name: str) -> str:
    """A name without "Holdings", "Group" and the like at its end."""
    while (shorter := _shorter(name)) != name:
        name = shorter
    return name


def _alias_pattern(alias: str) -> str:
    words = [re.escape(word) for word in re.split(r"[\s’']+", alias) if word]
    return r"(?<![\w&])" + r"[\s’']?".join(words) + r"(?![\w&]|\.\w)"


def _other_names(text: str, vocabulary: Vocabulary) -> Iterable[str]:
    """Capitalised words that are neither finance, months, places nor the beginning of a sentence."""
    terms = vocabulary.asked_words
    for match in _CAPITALISED.finditer(text):
        words = [_POSSESSIVE.sub("", word) for word in match[1].split()]
        if _begins_sentence(text, match.start()):
            words = words[1:]
        name = " ".join(word for word in words if word == "&" or _is_name(word, terms)).strip("& ")
        if name:
            yield name


def _is_name(word: str, terms: Collection[str]) -> bool:
    bare = word.strip(".,;:?!'’").lower()
    if not bare or bare in _NOT_NAMES or re.fullmatch(r"(?:fy|q|h)?\d[\w']*", bare):
        return False
    return not set(normalise_label(bare).split()) <= set(terms)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in ".?!:"
