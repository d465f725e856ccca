"""Opens what the verbs work with, by the settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Settings, load_settings
from index.contract import Embedder
from index.library import Library
from ingest.guard import Limits
from ingest.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.ask import Assistant

PIPE_WIDTH = 240
"""Columns of output that goes to a file or another program, so that nothing is cut off."""


def settings_for(library: Path | None) -> Settings:
    """Return the settings, with the library that was named on the command line if one was."""
    return load_settings(library=library)


def limits_for(settings: Settings) -> Limits:
    """Return what reading one file may take."""
    return Limits(seconds=settings.read_seconds, memory=settings.read_memory * 1024 * 1024)


def vocabulary_for(settings: Settings) -> Vocabulary:
    """Return the built-in vocabulary with the user's extensions."""
    return load_vocabulary(*settings.vocabulary)


def embedder_for(settings: Settings) -> Embedder:
    """Load the embedder. Raises ModelMissingError, naming the command, where it was not pulled."""
    from model.embedder import load_embedder

    return load_embedder(settings.embedder, cache=settings.models, device=settings.device)


def assistant_for(settings: Settings, library: Library) -> Assistant:
    """Return an assistant over an open library; its models are loaded when a question first needs them."""
    from functools import cache

    from assistant.ask import Assistant
    from model.contract import Generator

    @cache
    def embedder() -> Embedder:
        return embedder_for(settings)

    @cache
    def generator() -> Generator:
        from model.generator import load_generator

        return load_generator(settings.generator, cache=settings.models, device=settings.device)

    return Assistant(library, vocabulary_for(settings), embedder, generator, settings.evidence_lines)


def console(*, stderr: bool = False) -> Console:
    """Return a Rich console that prints text from documents as it is, without markup."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(stderr=stderr, markup=False, highlight=False, width=width, soft_wrap=width is not None)
