"""Model libraries load without bars, notices and advice of their own; errors still come through."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silence transformers and sentence-transformers below errors, and their bars, for a while.

    Their own settings are put back at the end.
    """
    from transformers.utils import logging as transformers_logging

    verbosity = transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    sentence = logging.getLogger("sentence_transformers")
    level = sentence.level
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    sentence.setLevel(logging.ERROR)
    try:
        yield
    finally:
        sentence.setLevel(level)
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
