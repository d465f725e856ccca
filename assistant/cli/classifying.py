"""``tieout classify``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.cli.opening import console, read_and_watch, settings_for
from assistant.parsed import chosen_pages
from assistant.sentences import Sentence, filing_sentences, find_section, split_sentences
from ingest.errors import UsageError
from ingest.filing import Span
from model.classifier.contract import Classified, TextClassifier

_NAME = re.compile(r"\S*[/\\]\S*|\S+\.[A-Za-z]{2,5}")
"""One word that names a file, rather than a sentence."""
FLOOR = (
    "it was learned from 133 sentences that were written for it, and is rough: tune one of your own with "
    "`tieout tune classifier` and name it with --model"
)
"""What is said of the built-in classifier wherever it is used."""


def classify_and_show(target: str, model: Path | None, section: str | None, pages: str | None, as_json: bool) -> int:
    """Classify the sentences of a text, or of a file's section or pages, and print each with its label, and the totals.

    Raises UsageError where there is no sentence to classify.
    """
    found = _sentences(target, section, pages)
    if not found:
        raise UsageError("there is no sentence to classify: name other pages, another section, or give a longer text")
    settings = settings_for(None)
    classifier = _classifier(model, settings.models, settings.device)
    said = classifier.classify([sentence.text for sentence, _ in found])
    note = "" if model else FLOOR
    if as_json:
        print(json.dumps(_as_json(classifier, note, found, said), indent=2, ensure_ascii=False))
        return 0
    out = console()
    for (sentence, place), each in zip(found, said, strict=True):
        out.print(f"{each.label} {each.confidence:.2f}  {place}{sentence.text}")
    totals = Counter(each.label for each in said)
    counted = ", ".join(f"{totals[label]} {label}" for label in classifier.labels)
    out.print(f"{len(said)} sentence{'s' if len(said) > 1 else ''}: {counted}")
    out.print(f"by {classifier.description}" + (f"; {note}" if note else ""), style="dim")
    return 0


def _sentences(target: str, section: str | None, pages: str | None) -> list[tuple[Sentence, str]]:
    """The sentences of a text or a file, each with its place in words; a text has none."""
    if not _is_file(target):
        if section or pages:
            raise UsageError(f"--section and --pages are for files, and there is no file {target[:80]!r}")
        if _NAME.fullmatch(target.strip()):
            raise UsageError(f"there is no file {target[:80]!r}, and a name of a file is no sentence")
        return [(Sentence(text, Span(0), None), "") for text, _ in split_sentences(target)]
    filing = read_and_watch(Path(target))
    wanted = None if pages is None else chosen_pages(pages, len(filing.pages))
    place = find_section(filing.sections, section, filing.source) if section else None
    return [(each, f"page {each.span.physical_page}: ") for each in filing_sentences(filing, place, wanted)]


def _is_file(target: str) -> bool:
    try:
        return Path(target).is_file()
    except OSError:  # a text that is too long for a name
        return False


def _classifier(folder: Path | None, cache: Path, device: str | None) -> TextClassifier:
    if folder is None:
        from model.classifier.sentiment import load_sentiment

        return load_sentiment(cache=cache, device=device)
    from model.classifier.artefact import load_classifier

    return load_classifier(folder, cache=cache, device=device)


def _as_json(
    classifier: TextClassifier, note: str, found: Sequence[tuple[Sentence, str]], said: Sequence[Classified]
) -> dict[str, Any]:
    totals = Counter(each.label for each in said)
    return {
        "model": classifier.description,
        "note": note,
        "totals": {label: totals[label] for label in classifier.labels},
        "sentences": [
            {
                "text": sentence.text,
                "label": each.label,
                "confidence": round(each.confidence, 4),
                "shares": {label: round(share, 4) for label, share in each.shares.items()},
                "page": sentence.span.physical_page if place else None,
                "page_label": sentence.span.page_label,
                "section": sentence.section,
            }
            for (sentence, place), each in zip(found, said, strict=True)
        ],
    }
