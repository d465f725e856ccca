"""Small filings of an invented company, with the files that they claim to be read from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.filing import (
    Cell,
    Column,
    Fact,
    Filing,
    Identity,
    Line,
    Page,
    Passage,
    Period,
    ReadingWarning,
    Row,
    Section,
    Span,
    Table,
)

YEAR_2023 = Period(date(2023, 12, 31), 12, date(2023, 1, 1), 2023)
QUARTER = Period(date(2023, 6, 30), 3, date(2023, 4, 1), 2023, 2)


@dataclass(frozen=True)
class WordEmbedder:
    """Adds up one fixed random direction for each word: texts that share words are near."""

    name: str = "words"
    dimension: int = 16
    fingerprint: str = "words-16-v1"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or ["nothing"]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
                row += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
            row /= np.linalg.norm(row)
        return rows

    def embed_question(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.embed([text])[0]
        return vector


def fixed_clock() -> datetime:
    return datetime(2024, 2, 29, 12, 0, tzinfo=UTC)


def build_filing(source: Path, *, words: str = "Widgets sold well", company: str = "Acme") -> Filing:
    """The filing that the file at ``source`` holds; its prose is the given words, one passage a sentence."""
    text = f"Annual report on Form 10-K\n{words}\n"
    box = (72.02400207519531, 80.1, 540.0, 91.333)
    span = Span(0, "F-1", box, None, (0, 12))
    pages = (
        Page(
            0,
            "F-1",
            text,
            (Line(text[:26], (0, 26), box), Line(words, (27, 27 + len(words)), box)),
            612.0,
            792.0,
        ),
        Page(1, None, "", (), 612.0, 792.0),
    )
    sections = (
        Section(
            "Part II",
            "part",
            "II",
            0,
            1,
            (Section("Item 7", "item", "7", 0, 1, (Section("Sales", "heading", None, 1, 1),)),),
        ),
    )
    table = build_table(span)
    facts = (
        Fact(
            "Total assets",
            "us-gaap:Assets",
            Decimal("1577000000"),
            "USD",
            6,
            YEAR_2023,
            span,
            "ixbrl",
            "1,577",
        ),
        Fact(
            "Net (loss) income",
            None,
            Decimal("-1.50"),
            "USD/shares",
            0,
            QUARTER,
            span,
            "table",
            "(1.50)",
            (("srt:ProductAxis", "acme:WidgetMember"),),
            "income",
            table.id,
            1,
        ),
    )
    sentences = [sentence.strip() for sentence in words.split(".") if sentence.strip()]
    prose = tuple(
        Passage(f"p{number}", "prose", f"{company} 10-K FY2023, Item 7", sentence, span, "Item 7")
        for number, sentence in enumerate(sentences)
    )
    shown = Passage("t0", "table", f"{company} balance sheet", "Total assets 1,577", span, None, table.id, (0, 2))
    return Filing(
        id=hashlib.sha256(source.read_bytes()).hexdigest(),
        source=source.name,
        media_type="application/pdf",
        identity=Identity(company, "ACM", "0000012345", "10-K", 2023, None, date(2023, 12, 31), None, "USD", (12, 31)),
        pages=pages,
        sections=sections,
        tables=(table, build_table(span, "t1", None)),
        facts=facts,
        passages=(*prose, shown),
        warnings=(ReadingWarning("page 2 has no text", 1),),
    )


def build_table(span: Span, name: str = "t0", statement: str | None = "balance") -> Table:
    cells = (
        Cell(1, "1,577", Decimal("1577"), 6, "USD", YEAR_2023, span),
        Cell(2, "12.50%", Decimal("12.50"), -2, "pure", None, Span(0, element="c2")),
        Cell(3, "n/a", None, 0, None, QUARTER, span),
    )
    rows = (
        Row("Total assets", 0, (), cells, span),
        Row("Déjà vu — “Naïve” 株式", 1, ("Total assets", "of which"), (), span),
    )
    columns = tuple(
        Column(n, ("Year ended", "2023") if n == 1 else (), YEAR_2023 if n == 1 else None) for n in range(4)
    )
    return Table(name, "Balance sheet", statement, columns, rows, 6, "USD", "(in millions)", 0, 1)  # type: ignore[arg-type]


def write_source(directory: Path, name: str = "acme.pdf", content: str = "first") -> Path:
    source = directory / name
    source.write_bytes(f"%PDF-1.7 {content}".encode())
    return source
