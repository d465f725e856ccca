"""``tieout models``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from assistant.cli.opening import console, settings_for
from assistant.config import Settings
from model.catalog import MINILM, PICKER, STATIC


def pull_models(names: Sequence[str]) -> int:
    """Pull each model with a progress bar; a model that is there is only verified."""
    from model.pull import pull

    settings = settings_for(None)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    err = console(stderr=True)
    from model.served.opening import is_served

    for name in names or _needed(settings):
        if is_served(name):
            console().print(f"{name}: is served, there is nothing to pull")
            continue
        if name in (STATIC, PICKER):
            console().print(f"{name}: comes with Tieout, and reads questions with minilm")
            continue
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
            folder = pull(name, settings.models, progress=_ticker(bar, bar.add_task(name, total=None)))
        console().print(f"{name}: verified, in {folder}")
    return 0


def _needed(settings: Settings) -> Sequence[str]:
    """The models that the settings name; those that come with Tieout need its encoder."""
    named = (settings.embedder, settings.generator)
    return tuple(dict.fromkeys(MINILM.name if name in (STATIC, PICKER) else name for name in named))


def _ticker(bar: Progress, task: TaskID) -> Callable[[int, int], None]:
    def tick(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return tick


def show_models(as_json: bool) -> int:
    """List what comes with Tieout, the catalog and what else is in the cache."""
    from model.cache import list_models
    from model.opening import built_in

    statuses = [*built_in(), *list_models(settings_for(None).models)]
    if as_json:
        print(json.dumps([asdict(status) for status in statuses], indent=2, default=str))
        return 0
    for status in statuses:
        licence = f", {status.licence}" if status.licence else ""
        size = f" ({status.size / 1e6:.0f} MB)" if status.size else ""
        console().print(f"{status.name}: {status.state}{size}, {status.kind or 'model'} from {status.source}{licence}")
    return 0
