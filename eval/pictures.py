"""Pictures of a run: risk against coverage, recall at k, calibration. They need the extra ``eval``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.rows import Row
from eval.scorers.calibration import outcomes, reliability, risk_coverage_points
from ingest.errors import UsageError

SIZE = (6.0, 4.2)
CUTS = (1, 2, 3, 5, 10, 20)


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
            drawn.append(_draw(points, title, axes, out / f"{name}.png", diagonal=name == "calibration"))
    return drawn


def risk_coverage(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return (coverage, risk) as answers are taken in order of confidence; none where nothing was answered.

    Coverage is the share of all cases that apply; undecided answers are left out. Without confidences all
    answers are taken at once: one point.
    """
    known = outcomes(rows)
    applying = sum(row.prediction.status != "not_applicable" for row in rows)
    if not known:
        return []
    if any(confidence is None for confidence, _ in known):
        return [(len(known) / applying, sum(1 - right for _, right in known) / len(known))]
    points = risk_coverage_points([confidence or 0.0 for confidence, _ in known], [right for _, right in known])
    return [(coverage * len(known) / applying, risk) for coverage, risk in points]


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
    known = [(confidence, right) for confidence, right in outcomes(rows) if confidence is not None]
    return [(stated, right) for stated, right, _ in reliability([c for c, _ in known], [r for _, r in known])]


def _draw(
    points: Sequence[tuple[float, float]], title: str, axes: tuple[str, str], path: Path, *, diagonal: bool
) -> Path:
    """Draw a line through the points; with a ``diagonal``, on which confidence is what it says."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=120, layout="constrained")
    plot = figure.add_subplot()
    plot.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=4, color="#1f5f8b")
    if diagonal:
        plot.plot([0, 1], [0, 1], linestyle="--", linewidth=1, color="#888888")
    plot.set_xlabel(axes[0])
    plot.set_ylabel(axes[1])
    plot.set_ylim(-0.02, 1.02)
    plot.set_title(title)
    plot.grid(alpha=0.3)
    figure.savefig(path)
    return path
