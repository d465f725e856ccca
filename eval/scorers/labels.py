"""A person's labels of answers that no rule decides; an answer is known by its hash, so labels are reused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.case import Case, Prediction
from ingest.errors import UsageError

LABELS = ("correct", "wrong")


def answer_hash(case: Case, prediction: Prediction) -> str:
    """Return what identifies an answer to a question: the same words have the same label in every run."""
    text = "\n".join([case.question, case.gold, prediction.text])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_labels(path: Path) -> dict[str, str]:
    """Read a label sheet; a line without a label is one that nobody has judged yet.

    Raises UsageError that names the line where one is not valid.
    """
    labels: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # answers may hold other line ends
    except OSError as error:
        raise UsageError(f"cannot read the labels {path}: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            label = entry.get("label")
            if label is None:
                continue
            if label not in LABELS:
                raise UsageError(f"{path}, line {number}: a label is correct or wrong, not {str(label)[:40]!r}")
            labels[str(entry["hash"])] = label
        except (json.JSONDecodeError, KeyError, AttributeError) as error:
            raise UsageError(f"{path}, line {number}: not a label sheet's line") from error
    return labels


def write_sheet(path: Path, undecided: Iterable[tuple[Case, Prediction]]) -> int:
    """Write the sheet of undecided answers for a person to fill in, and return how many there are.

    What a person has labelled in the sheet that is there stays in it: that work is not to be lost to a run.
    """
    labelled = _labelled_lines(path) if path.is_file() else {}
    open_lines = {
        answer_hash(case, prediction): json.dumps(
            {
                "hash": answer_hash(case, prediction),
                "label": None,
                "question": case.question,
                "gold": case.gold,
                "answer": prediction.text,
            },
            ensure_ascii=False,
        )
        for case, prediction in undecided
    }
    lines = {**open_lines, **labelled}
    draft = path.with_suffix(".draft")
    draft.write_text("".join(line + "\n" for line in lines.values()), encoding="utf-8")
    draft.replace(path)
    return len(open_lines.keys() - labelled.keys())


def _labelled_lines(path: Path) -> dict[str, str]:
    """The lines of a sheet that have a label, by their hash. Raises UsageError on a line that is not valid."""
    known = read_labels(path)
    lines = (line for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
    return {found: line for line in lines if (found := str(json.loads(line)["hash"])) in known}


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Return how far two judges agree beyond chance, from -1 to 1 (Cohen 1960).

    None where chance alone would make them agree: both always say the same word, or there are no pairs.
    """
    if not pairs:
        return None
    n = len(pairs)
    agreeing = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    by_chance = first * second + (1 - first) * (1 - second)
    return None if by_chance == 1 else (agreeing - by_chance) / (1 - by_chance)
