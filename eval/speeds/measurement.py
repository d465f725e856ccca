"""A figure of speed or size beside its baseline."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

LESS_IS_BETTER = frozenset({"s", "ms", "MB"})
"""Units of which less is better; of others (pages/s, tokens/s) more is."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """``value`` in ``unit`` against ``baseline_value`` of what ``baseline`` names, measured in the same run.

    ``ratio`` tells how many times as good as the baseline it is: above 1 is faster, or smaller.
    """

    name: str
    value: float
    unit: str
    baseline: str
    baseline_value: float
    ratio: float
    detail: str = ""


def against(name: str, value: float, unit: str, baseline: str, baseline_value: float, detail: str = "") -> Measurement:
    """Put a figure beside its baseline. Both must be above 0: ValueError."""
    if value <= 0 or baseline_value <= 0:
        raise ValueError(f"{name}: {value} against {baseline_value}: nothing was measured")
    ratio = baseline_value / value if unit in LESS_IS_BETTER else value / baseline_value
    return Measurement(name, round(value, 4), unit, baseline, round(baseline_value, 4), round(ratio, 3), detail)


def peak_memory() -> float:
    """Return the most memory, in MB, that this process has had resident.

    Linux counts it anew for each program (VmHWM). The counter of ``getrusage`` starts with what the parent
    had before the program began, and is taken elsewhere.
    """
    try:
        match = re.search(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        match = None
    if match is not None:
        return int(match[1]) / 1024
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024**2 if os.uname().sysname == "Darwin" else used / 1024
