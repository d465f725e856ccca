"""An adapter added to its base for good: as a model folder, or as GGUF where llama.cpp's converter is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest.errors import ModelError, UsageError
from model.adapter import apply_adapter, check_adapter, read_card
from model.cache import model_path, read_manifest
from model.loading import load_causal
from model.tuning.artefact import write_model

CONVERTER = "convert_hf_to_gguf.py"


def export_merged(adapter: Path, out: Path, *, cache: Path) -> str:
    """Merge an adapter with its base in ``cache`` and write it to ``out``; return what was written, in words.

    A name ending in ``.gguf`` is written by llama.cpp's converter. Raises UsageError where ``out`` exists,
    ModelError where the base or the converter is not there.
    """
    if out.exists():
        raise UsageError(f"{out} exists already: name another place")
    if out.suffix == ".gguf":
        converter = _converter()
        with tempfile.TemporaryDirectory() as folder:
            merged = Path(folder) / "model"
            _merge(adapter, merged, cache)
            _convert(converter, merged, out)
        return f"{out}: GGUF, {out.stat().st_size / 1e6:.0f} MB"
    _merge(adapter, out, cache)
    return f"{out}: a model that TIEOUT_GENERATOR={out.resolve()} uses"


def _merge(adapter: Path, out: Path, cache: Path) -> None:
    import torch

    base = model_path(read_card(adapter).base, cache)
    manifest = read_manifest(base)
    card = check_adapter(adapter, base, manifest)
    model = apply_adapter(load_causal(base, "float32", "cpu"), adapter, merge=True)
    write_model(model, out, card, base, manifest, torch.bfloat16)


def _converter() -> Path:
    found = shutil.which(CONVERTER) or shutil.which("convert-hf-to-gguf")
    if found is None:
        raise ModelError(
            f"GGUF is written by llama.cpp's {CONVERTER}, which is not on the PATH: install it, or name a folder "
            "to write safetensors"
        )
    return Path(found)


def _convert(converter: Path, model: Path, out: Path) -> None:
    command = [str(converter), str(model), "--outfile", str(out), "--outtype", "bf16"]
    if converter.suffix == ".py":
        command.insert(0, sys.executable)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode != 0 or not out.is_file():
        last = ended.stderr.strip().splitlines()[-1:] or ["no word"]
        raise ModelError(f"llama.cpp's converter failed: {last[0][:200]}")
