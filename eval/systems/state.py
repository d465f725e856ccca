"""What identifies the code, the commit and the generator of a run."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.cli.opening import served_options
from assistant.config import Settings
from model.adapter import read_card
from model.cache import model_path, read_manifest
from model.catalog import PICKER
from model.contract import EchoGenerator, Generator
from model.picker.artefact import built_in_fingerprint
from model.served.opening import is_served, served_state

NO_GENERATOR = "none"
"""The name, in place of a generator's, with which a question is answered from facts and quotations or not at all."""

ROOMS = ("ingest", "index", "model", "assistant")
"""The rooms whose code, with that of the systems here, decides a prediction."""

ROOT = Path(__file__).parents[2]
"""What holds the rooms."""


def no_generator() -> Generator:
    """Return what stands in for a language model where none is wanted: it always abstains."""
    return EchoGenerator("abstain(not_supported)", NO_GENERATOR)


def software_state(settings: Settings) -> dict[str, str]:
    """Return what identifies the code and the generator, without loading it.

    ``code`` tells what was really run, changes since the ``commit`` included. Raises ModelMissingError or
    ModelCorruptError where the generator cannot be used.
    """
    return {
        "tieout": _version(),
        "commit": _commit(),
        "code": code_digest(*ROOMS, "eval/systems"),
        "generator": _generator_state(settings),
        "evidence_lines": str(settings.evidence_lines),
    }


def _generator_state(settings: Settings) -> str:
    if settings.generator == NO_GENERATOR:
        return NO_GENERATOR
    if is_served(settings.generator):
        return served_state(settings.generator, served_options(settings))
    if settings.generator == PICKER:
        return f"{PICKER}@{built_in_fingerprint()}"
    manifest = read_manifest(model_path(settings.generator, settings.models))
    tuned = f"+{read_card(settings.adapter).fingerprint}" if settings.adapter is not None else ""
    return f"{settings.generator}@{manifest.fingerprint}{tuned}"


def code_digest(*rooms: str) -> str:
    """Twelve hex digits that differ when a file of the rooms does."""
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _version() -> str:
    try:
        return version("tieout")
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """The commit that is checked out, where the code stands in a git repository of its own."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return "unknown"
    command = [git, "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - constants
    return done.stdout.strip() if done.returncode == 0 else "unknown"
