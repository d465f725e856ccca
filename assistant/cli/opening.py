"""Opens what the verbs work with, by the settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Settings, load_settings
from index.access import DEFAULT_COLLECTION, collection_name
from index.contract import Embedder
from index.library import Library
from index.view import View
from ingest.errors import UsageError
from ingest.filing import Filing
from ingest.guard import Limits, Worker
from ingest.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.ask import Assistant
    from model.contract import Generator
    from model.served.options import ServedOptions

PIPE_WIDTH = 240
"""Columns of output that goes to a file or another program, so that nothing is cut off."""


def settings_for(library: Path | None, collections: str | None = None) -> Settings:
    """Return the settings, with the library and the collections that were named on the command line, if any were.

    The collections, with commas between, are fewer of those that the settings permit. Raises UsageError for others.
    """
    settings = load_settings(library=library)
    if collections is None:
        return settings
    wanted = tuple(dict.fromkeys(collection_name(name.strip()) for name in collections.split(",")))
    beyond = set(wanted).difference(wanted if settings.collections is None else settings.collections)
    if beyond:
        raise UsageError(f"the settings give no access to {', '.join(sorted(beyond))}")
    return settings.model_copy(update={"collections": wanted})


def open_library(settings: Settings, *, create: bool = False) -> Library:
    """Open the library of the settings for the collections of the settings: the only door of the command line."""
    return Library.open(settings.library, create=create, collections=settings.collections)


def collection_for(settings: Settings, name: str | None) -> str:
    """Return the collection that filings are added to: the one that was named, else the only one, or the default one.

    Raises UsageError where that is not among those that the settings permit.
    """
    permitted = settings.collections
    if name is None and permitted is not None and len(permitted) == 1:
        return permitted[0]
    chosen = collection_name(name or DEFAULT_COLLECTION)
    if permitted is not None and chosen not in permitted:
        raise UsageError(f"no access to the collection {chosen}: name one of yours with --collection")
    return chosen


def limits_for(settings: Settings) -> Limits:
    """Return what reading one file may take."""
    return Limits(seconds=settings.read_seconds, memory=settings.read_memory * 1_000_000)


def vocabulary_for(settings: Settings) -> Vocabulary:
    """Return the built-in vocabulary with the user's extensions."""
    return load_vocabulary(*settings.vocabulary)


def embedder_for(settings: Settings) -> Embedder:
    """Load the embedder. Raises ModelMissingError, naming the command, where it was not pulled."""
    from model.opening import open_embedder

    return open_embedder(settings.embedder, cache=settings.models, device=settings.device)


def generator_for(settings: Settings) -> Generator:
    """Open the generator, pulled or served. Raises ModelError or ConfigurationError, with the remedy."""
    from model.opening import open_generator

    served = served_options(settings)
    return open_generator(
        settings.generator, cache=settings.models, device=settings.device, served=served, adapter=settings.adapter
    )


def served_options(settings: Settings) -> ServedOptions:
    """Return the table of the settings about served generators as the models take it."""
    from model.served.options import ServedOptions

    return ServedOptions(**settings.served.model_dump())


def assistant_for(settings: Settings, library: View) -> Assistant:
    """Return an assistant over an open library; its models are loaded when a question first needs them."""
    from functools import cache

    from assistant.ask import Assistant

    @cache
    def embedder() -> Embedder:
        return embedder_for(settings)

    @cache
    def generator() -> Generator:
        return generator_for(settings)

    return Assistant(library, vocabulary_for(settings), embedder, generator, settings.evidence_lines)


def read_and_watch(file: Path) -> Filing:
    """Read one file behind the guard, with a bar where somebody watches. Raises UnreadableFileError."""
    from rich.progress import Progress

    settings = settings_for(None)
    out = console(stderr=True)
    with Progress(console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(f"reading {file.name}", total=None)
        with Worker(limits_for(settings), settings.vocabulary) as worker:
            return worker.read(file, lambda done, total: bar.update(task, completed=done, total=total))


def console(*, stderr: bool = False) -> Console:
    """Return a Rich console that prints text from documents as it is, without markup."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(stderr=stderr, markup=False, highlight=False, width=width, soft_wrap=width is not None)
