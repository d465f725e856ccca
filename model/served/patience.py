"""How long and how often a server is asked again."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits between attempts grow twofold from ``first`` to ``most`` seconds, each drawn between half and all of it.

    The drawing keeps many clients that failed together from coming back together. A wait that the server asks
    for is waited in full. ``sleep``, ``clock`` and ``draw`` (from 0 to 1) are for tests.
    """

    retries: int
    first: float = 0.5
    most: float = 20.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random

    def ask(
        self,
        request: Callable[[float], _T],
        until: float,
        asked_wait: Callable[[Exception], float | None],
        is_passing: Callable[[Exception], bool],
    ) -> _T:
        """Return what ``request`` returns; it is given the seconds that are left until the time ``until``.

        What it raises is raised where it does not pass, where the retries are used up, and where the next
        attempt could not begin before ``until``.
        """
        for attempt in range(self.retries + 1):
            try:
                return request(until - self.clock())
            except Exception as error:
                wait = self._wait(attempt, asked_wait(error))
                if not is_passing(error) or attempt == self.retries or self.clock() + wait >= until:
                    raise
                logger.info("asking again in %.1f s, after %s", wait, type(error).__name__)
                self.sleep(wait)
        raise AssertionError("a loop over attempts ends by returning or raising")

    def _wait(self, attempt: int, asked: float | None) -> float:
        ceiling: float = min(self.most, self.first * 2**attempt)
        drawn = ceiling * (0.5 + self.draw() / 2)
        return drawn if asked is None else max(drawn, asked)
