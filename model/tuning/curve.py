"""The training curve as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_SMOOTH = 0.9


def draw_curve(log: Path, picture: Path) -> bool:
    """Draw a run's log into a PNG: the loss, smoothed, and the scores. Return False without matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        return False
    mpl.use("Agg")
    from matplotlib.figure import Figure

    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    figure: Any = Figure(figsize=(8, 4.5), layout="constrained")
    loss = figure.add_subplot()
    steps = [row["step"] for row in rows]
    loss.plot(steps, [row["loss"] for row in rows], color="#b8c4d0", linewidth=0.8)
    loss.plot(steps, _smoothed([row["loss"] for row in rows]), color="#1f4e79", label="loss per learned token")
    loss.set_xlabel("step")
    loss.set_ylabel("loss")
    loss.set_ylim(bottom=0)
    scored = [(row["step"], row["score"]) for row in rows if row["score"] is not None]
    lines = loss.get_lines()[1:2]
    if scored:
        score = loss.twinx()
        score.plot(*zip(*scored, strict=True), color="#b5541c", marker="o", label="execution accuracy")
        score.set_ylabel("execution accuracy")
        score.set_ylim(0, 1)
        lines += score.get_lines()
    loss.legend(handles=lines, loc="upper right", frameon=False)
    figure.savefig(picture, dpi=120)
    return True


def _smoothed(values: list[float]) -> list[float]:
    mean, smooth = values[0] if values else 0.0, []
    for value in values:
        mean = _SMOOTH * mean + (1 - _SMOOTH) * value
        smooth.append(mean)
    return smooth
