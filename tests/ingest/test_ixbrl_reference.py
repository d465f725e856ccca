"""Every tagged number of the filings beside the repository, against what Arelle reads from the same file.

Arelle is not among our dependencies: install ``arelle-release`` next to them, or name the Python of an
environment that has it in ``TIEOUT_ARELLE``.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.filing import Fact
from ingest.htm.read import read_html

EDGAR = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "edgar"
PYTHON = os.environ.get("TIEOUT_ARELLE", sys.executable)
READER = Path(__file__).with_name("arelle_facts.py")
SHARE = 0.999
"""Of the reference's facts so many must be read alike in all that says what they mean."""

UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {
    **dict.fromkeys(("no", "none", "zero"), 0),
    **{word: value for value, word in enumerate((*UNITS, *TEENS), start=1)},
    **{word: 10 * value for value, word in enumerate(TENS, start=2)},
}
"""Numbers in words, for which Arelle has no rule: the registry ``ixt-sec`` is in another program of its makers."""

Meaning = tuple[str, str, str | None, tuple[tuple[str, str], ...], Decimal | None]
"""Local name, period, unit, dimensions by their local names, value (None where the reference cannot tell it)."""


def has_reference() -> bool:
    run = subprocess.run([PYTHON, "-c", "import arelle"], capture_output=True, check=False)  # noqa: S603
    return run.returncode == 0


def filings() -> list[Path]:
    found = [*(EDGAR / "html").glob("*.htm*"), *(EDGAR / "uk_ixbrl").glob("*.html")]
    return sorted(path for path in found if b"inlineXBRL" in path.read_bytes()[:100_000])


def local(name: str) -> str:
    return re.split(r"[#:]", name)[-1]


def reference_meanings(path: Path) -> list[Meaning]:
    run = subprocess.run([PYTHON, READER, path], capture_output=True, check=True, text=True)  # noqa: S603
    found = []
    for name, (first, last), unit, dimensions, value, made_of in json.loads(run.stdout):
        if made_of is not None and value is not None:
            pairs = tuple(
                sorted((local(axis), local(member) if "#" in member else member) for axis, member in dimensions)
            )
            found.append((name, f"{first or ''}/{last}", _unit(unit), pairs, _number(value, *made_of)))
    return found


def _number(value: str, text: str, scale: int, negative: bool) -> Decimal | None:
    if re.fullmatch(r"[-+]?[\d.]+(?:E[-+]?\d+)?", value):
        return Decimal(value)
    words = [WORDS.get(word) for word in re.split(r"[\s-]+", text.strip().lower())]
    number = None if None in words else Decimal(sum(word for word in words if word is not None)).scaleb(scale)
    return -number if negative and number is not None else number


def _unit(unit: list[list[str]] | None) -> str | None:
    return "/".join("*".join(sorted(map(local, part))) for part in unit if part) if unit else None


def our_meanings(facts: Iterable[Fact]) -> list[Meaning]:
    found = []
    for fact in facts:
        start = fact.period.start.isoformat() if fact.period.start else ""
        unit = fact.unit and "/".join("*".join(sorted(map(local, part.split("*")))) for part in fact.unit.split("/"))
        pairs = tuple(sorted((local(axis), local(member)) for axis, member in fact.dimensions))
        found.append((local(fact.concept or ""), f"{start}/{fact.period.end}", unit, pairs, fact.value))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not EDGAR.is_dir(), reason="the HTML filings are not beside the repository")
@pytest.mark.skipif(not has_reference(), reason="the reference reader, arelle-release, is not installed")
@pytest.mark.parametrize("path", filings() if EDGAR.is_dir() else [], ids=lambda path: path.name)
def test_facts_are_those_that_arelle_reads(path: Path, record_property: Any) -> None:
    expected = Counter(reference_meanings(path))
    read = Counter(our_meanings(read_html(path.read_bytes()).facts))
    missed, invented = expected - read, read - expected
    record_property("facts", expected.total())
    assert expected.total() > 0
    assert not invented, f"{invented.total()} not in the reference: {list(invented)[:5]}; missed {list(missed)[:5]}"
    assert missed.total() <= (1 - SHARE) * expected.total(), list(missed)[:5]
