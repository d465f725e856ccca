"""Rows: a case, its prediction and its scores as one line of JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.case import Case, CitedPlace, Place, PredictedValue, Prediction, Score
from ingest.errors import UsageError


@dataclass(frozen=True, slots=True)
class Row:
    """What happened with one case; ``scores`` maps metrics to values, None where one does not apply."""

    id: str
    group: str
    fold: str
    question: str
    gold: str
    prediction: Prediction
    scores: dict[str, float | None]
    details: dict[str, str]

    @property
    def case(self) -> Case:
        """The case as far as a row tells of it: its question, gold answer, group and fold."""
        return Case(self.id, self.question, self.gold, group=self.group, fold=self.fold)

    @classmethod
    def of(cls, case: Case, prediction: Prediction, scores: Sequence[Score]) -> Row:
        """Put a case together with what was predicted and how it scored."""
        return cls(
            case.id,
            case.group,
            case.fold,
            case.question,
            case.gold,
            prediction,
            {score.metric: score.value for score in scores},
            {score.metric: score.detail for score in scores if score.detail},
        )


def write_row(row: Row) -> str:
    """Return a row as one line of JSON."""
    return json.dumps(asdict(row), ensure_ascii=False, default=str)


def read_rows(path: Path) -> list[Row]:
    """Read the complete rows of a file; a last line that an interruption cut off is left out.

    Raises UsageError where the file is not there.
    """
    try:
        # Not splitlines: texts of filings hold line ends (U+2028, U+0085) that JSON does not escape.
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise UsageError(f"cannot read the rows {path}: {error.strerror}") from error
    rows = []
    for line in filter(None, lines):
        try:
            rows.append(_row(json.loads(line)))
        except (json.JSONDecodeError, KeyError, TypeError):
            break
    return rows


def prediction_from(plain: dict[str, Any]) -> Prediction:
    """Return the prediction that a row's JSON holds."""
    return Prediction(
        status=plain["status"],
        text=plain["text"],
        values=tuple(PredictedValue(**value) for value in plain["values"]),
        citations=tuple(_citation(citation) for citation in plain["citations"]),
        retrieved=_places(plain["retrieved"]),
        label=plain["label"],
        confidence=plain["confidence"],
        reason=plain["reason"],
        seconds=plain["seconds"],
        extra=plain["extra"],
    )


def _row(plain: dict[str, Any]) -> Row:
    prediction = prediction_from(plain["prediction"])
    return Row(
        plain["id"],
        plain["group"],
        plain["fold"],
        plain["question"],
        plain["gold"],
        prediction,
        plain["scores"],
        plain["details"],
    )


def _citation(plain: dict[str, Any]) -> CitedPlace:
    box = plain["box"]
    return CitedPlace(
        Place(**plain["place"]), (box[0], box[1], box[2], box[3]) if box else None, plain["element"], plain["quote"]
    )


def _places(plain: Iterable[dict[str, Any]]) -> tuple[Place, ...]:
    return tuple(Place(**place) for place in plain)
