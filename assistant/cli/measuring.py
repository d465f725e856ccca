"""``tieout dataset tokens``."""

from __future__ import annotations

from pathlib import Path

from assistant.cli.opening import console, settings_for, vocabulary_for
from model.cache import model_path
from model.loading import load_tokenizer
from model.tuning.coverage import NUMBERS, cover_sheets, cover_terms, terms_of
from model.tuning.example import read_examples


def show_tokens(model: str | None, examples: Path | None) -> int:
    """Print what a pulled model's tokenizer makes of the vocabulary, of numbers and of examples, as Markdown."""
    settings = settings_for(None)
    folder = model_path(model or settings.generator, settings.models)
    tokenizer = load_tokenizer(folder)
    terms = terms_of(vocabulary_for(settings))
    found = cover_terms(terms, tokenizer.tokenize)
    out = console()
    rows = [
        ("terms of the vocabulary", f"{found.terms:,}"),
        ("of them one token", f"{found.whole_terms:,} ({found.whole_terms / found.terms:.1%})"),
        ("tokens a term", f"{found.tokens_per_term:.2f}"),
        ("different words in them", f"{found.words:,}"),
        ("of them one token", f"{found.whole_words:,} ({found.whole_words / found.words:.1%})"),
        ("tokens a word", f"{found.tokens_per_word:.2f}"),
    ]
    if examples is not None:
        sheets = cover_sheets(read_examples(examples), terms, tokenizer.tokenize)
        rows += [
            (f"tokens of {sheets.sheets:,} sheets and their questions", f"{sheets.tokens:,}"),
            ("of them in numbers", f"{sheets.in_numbers / sheets.tokens:.1%}"),
            ("of them in words", f"{sheets.in_words / sheets.tokens:.1%}"),
            *(
                (f"saved by {count:,} further words as tokens", f"{saved / sheets.tokens:.2%}")
                for count, saved in sheets.saved
            ),
        ]
    out.print(f"| {model or settings.generator} | |\n| --- | ---: |")
    for name, value in rows:
        out.print(f"| {name} | {value} |")
    out.print("\n| word | tokens | terms with it |\n| --- | ---: | ---: |")
    for word, tokens, standing in found.costliest:
        out.print(f"| {word} | {tokens} | {standing} |")
    out.print("\n| number | tokens | pieces |\n| --- | ---: | --- |")
    for number in NUMBERS:
        pieces = tokenizer.tokenize(number)
        out.print(f"| {number} | {len(pieces)} | {' '.join(pieces)} |")
    return 0
