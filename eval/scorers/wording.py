"""What words of an answer tell: names, direction, denial. Words are compared in lower case, without possessives."""

from __future__ import annotations

import re

SENTENCE = re.compile(
    r"(?<!\bInc)(?<!\bCorp)(?<!\bCo)(?<!\bLtd)(?<=[a-z)%\d”\"])[.!?]\s+(?=[A-Z“\"$-])|(?<=\bYes)\.\s+|(?<=\bNo)\.\s+|\n"
)
"""What parts two sentences, or two points of a list."""
WORD = re.compile(r"[A-Za-z][A-Za-z&'’-]*[A-Za-z]|[A-Z]")
_DIRECTIONS = {
    "up": re.compile(r"\b(?:increas|improv|grew\b|grow|rose\b|ris(?:e|es|en|ing)\b|higher\b|gain|up\b|expan)\w*", re.I),
    "down": re.compile(
        r"\b(?:decreas|declin|drop|fell\b|fall|lower\b|shr[iu]nk|reduc|down\b|dragged|negative\b|loss|deficit|worse)\w*",
        re.I,
    ),
}
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)(?<![\w-])[A-Z][A-Za-z&'’-]+")
_PERIOD = re.compile(r"\b(?:FY\s?\d*\w*|Q[1-4]\w*|[A-Z][a-z]{2,8}\s+\d{1,2}(?:,\s*\d{4})?)")
_PHRASE = re.compile(r"(?<![\w-])[A-Z][A-Za-z&'’-]+(?:\s+[A-Z][A-Za-z&'’-]+)*")
_NEGATIONS = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|except|excluding|other than)\b|n['’]t\b", re.IGNORECASE
)
_LITTLE = (
    "a an and as at by for from had has have in is it its of on or that the their there they this to was were with"
)
LITTLE_WORDS = frozenset(_LITTLE.split())

_SAME_STEM = 4
"""Two words that begin with as many letters alike may be forms of one ("Corporate", "Corp")."""
_NAME_WORDS = 2


def words(text: str) -> set[str]:
    """Return the words of a text, each once."""
    return {word.lower().removesuffix("'s").removesuffix("’s") for word in WORD.findall(text)}


def names_in(text: str) -> set[str]:
    """Return the capitalised words of a text that begin no sentence and belong to no period."""
    return set(_NAME.findall(_PERIOD.sub(" ", text)))


def direction_of(text: str) -> str | None:
    """Return ``up`` or ``down`` where the words of a text go one way; None where they go none or both."""
    found = [name for name, pattern in _DIRECTIONS.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else None


def is_direction(word: str) -> bool:
    """Whether a word, in lower case, is one of direction."""
    return any(pattern.match(word) for pattern in _DIRECTIONS.values())


def denies(wanted: str, said: str) -> bool:
    """Whether one text denies or leaves out something and the other does not."""
    return bool(_NEGATIONS.search(wanted)) != bool(_NEGATIONS.search(said))


def may_mean(said: str, name: str) -> bool:
    """Whether a text may speak of a name: by one of its words, a form of one, or its initials."""
    given = words(said)
    stems = {word[:_SAME_STEM] for word in given}
    initials = "".join(word[0] for word in WORD.findall(name) if word.lower() not in LITTLE_WORDS).lower()
    wanted = words(name) - LITTLE_WORDS
    return initials in given or any(word in given or word[:_SAME_STEM] in stems for word in wanted)


def is_name(text: str) -> bool:
    """Whether a text is one or two words that are all capitalised, none of them an abbreviation or a direction."""
    found = WORD.findall(text)
    capitalised = all(word[0].isupper() and not (word.isupper() or is_direction(word)) for word in found)
    return capitalised and 1 <= len(found) <= _NAME_WORDS


def phrases_in(text: str) -> set[str]:
    """Return the names of a text in lower case, "north america" as one; words that begin a sentence count too."""
    found = (" ".join(phrase.split()).lower() for phrase in _PHRASE.findall(_PERIOD.sub(" ", text)))
    return {phrase for phrase in found if not words(phrase) <= LITTLE_WORDS}
