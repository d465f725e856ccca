"""Pictures of a run: risk against coverage, recall at k, calibration. They need the extra ``eval``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.rows import Row
from ingest.errors import UsageError

SIZE = (6.0, 4.2)
CUTS = (1, 2, 3, 5, 10, 20)
BINS = 10


def draw_pictures(rows: Sequence[Row], title: str, out: Path) -> list[Path]:
    """Draw what the rows allow and return the files written, in ``out``.

    Raises UsageError, naming the extra, where matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError("pictures need matplotlib: install tieout with its extra, tieout[eval]") from error
    mpl.use("Agg")
    drawn = []
    for name, points, axes in (
        ("risk_coverage", risk_coverage(rows), ("coverage (share answered)", "risk (share of answers that is wrong)")),
        ("recall_at_k", recall_curve(rows), ("k (pages looked at)", "share of questions with a gold page")),
        ("calibration", calibration_curve(rows), ("confidence", "share correct")),
    ):
        if points:
            drawn.append(_draw(points, title, axes, out / f"{name}.png"))
    return drawn


def risk_coverage(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return (coverage, risk) as answers are taken in order of confidence; none where nothing was answered.

    Without confidences all answers are taken at once: one point.
    """
    answered = [row for row in rows if row.scores.get("correct") is not None and row.prediction.status == "answered"]
    if not answered:
        return []
    if any(row.prediction.confidence is None for row in answered):
        wrong = sum(not row.scores["correct"] for row in answered)
        return [(len(answered) / len(rows), wrong / len(answered))]
    ordered = sorted(answered, key=lambda row: -(row.prediction.confidence or 0.0))
    points, wrong = [], 0
    for count, row in enumerate(ordered, start=1):
        wrong += not row.scores["correct"]
        points.append((count / len(rows), wrong / count))
    return points


def recall_curve(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return (k, share of questions with a gold page among the first k) from the scores that are there."""
    points = []
    for k in CUTS:
        values = [value for row in rows if (value := row.scores.get(f"page_hit@{k}")) is not None]
        if values:
            points.append((float(k), sum(values) / len(values)))
    return points


def calibration_curve(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return (mean confidence, share correct) of each tenth of confidence that has answers."""
    bins: dict[int, list[tuple[float, float]]] = {}
    for row in rows:
        correct = row.scores.get("correct")
        if row.prediction.confidence is not None and correct is not None:
            bins.setdefault(min(int(row.prediction.confidence * BINS), BINS - 1), []).append(
                (row.prediction.confidence, correct)
            )
    return [
        (sum(c for c, _ in members) / len(members), sum(v for _, v in members) / len(members))
        for _, members in sorted(bins.items())
    ]


def _draw(points: Sequence[tuple[float, float]], title: str, axes: tuple[str, str], path: Path) -> Path:
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=120, layout="constrained")
    plot = figure.add_subplot()
    plot.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=4, color="#1f5f8b")
    plot.set_xlabel(axes[0])
    plot.set_ylabel(axes[1])
    plot.set_ylim(-0.02, 1.02)
    plot.set_title(title)
    plot.grid(alpha=0.3)
    figure.savefig(path)
    return path
