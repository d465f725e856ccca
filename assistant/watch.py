"""A stopwatch for the parts of an answer."""

from __future__ import annotations

import time


class Watch:
    """Seconds spent in each part, in order."""

    def __init__(self) -> None:
        self.started = self.last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End the part called ``name``."""
        now = time.perf_counter()
        self.laps[name] = round(now - self.last, 4)
        self.last = now

    def total(self) -> dict[str, float]:
        """Return the seconds of each part, and of all under ``total``."""
        return {**self.laps, "total": round(time.perf_counter() - self.started, 4)}
