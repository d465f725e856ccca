"""Where a run stands, on disk: weights and the optimizer's moments as safetensors, the rest as JSON.

A checkpoint is a folder ``step-000120`` that gets its name when all in it is written; the newest is the one
to go on from. Nothing in it is ever unpickled.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import ModelCorruptError
from model.cache import file_sha256

if TYPE_CHECKING:
    import torch

WEIGHTS = "weights.safetensors"
OPTIMIZER = "optimizer.safetensors"
STATE = "state.json"

_FOLDER = re.compile(r"step-\d{6,}")


@dataclass
class RunState:
    """How far a run is: ``step`` weight changes made in ``seconds``, and its evaluations so far.

    ``recipe`` and ``data`` are fingerprints: a run goes on only with the same ones.
    """

    recipe: str
    data: str
    step: int = 0
    seconds: float = 0.0
    best_score: float | None = None
    best_step: int = 0
    stale: int = 0
    ended: bool = False


def save_checkpoint(
    out: Path, state: RunState, learned: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
) -> None:
    """Write a checkpoint, then take older ones away."""
    from safetensors.torch import save_file

    final = out / f"step-{state.step:06d}"
    part = out / "checkpoint.partial"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    save_file({name: weight.detach().cpu().contiguous() for name, weight in learned.items()}, part / WEIGHTS)
    moments = {
        f"{key}:{name}": value.detach().cpu().contiguous()
        for name, weight in learned.items()
        for key, value in optimizer.state[weight].items()
    }
    save_file(moments, part / OPTIMIZER)
    hashes = {name: file_sha256(part / name) for name in (WEIGHTS, OPTIMIZER)}
    (part / STATE).write_text(json.dumps({**asdict(state), "files": hashes}, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(final, ignore_errors=True)
    part.rename(final)
    for older in _checkpoints(out):
        if older != final:
            shutil.rmtree(older, ignore_errors=True)


def latest_checkpoint(out: Path) -> Path | None:
    """Find the checkpoint to go on from."""
    found = _checkpoints(out)
    return found[-1] if found else None


def _checkpoints(out: Path) -> list[Path]:
    folders = [each for each in out.glob("step-*") if _FOLDER.fullmatch(each.name)] if out.is_dir() else []
    return sorted(folders, key=lambda folder: int(folder.name.removeprefix("step-")))


def load_checkpoint(folder: Path, learned: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer) -> RunState:
    """Put a checkpoint's weights and moments where they belong, and return its state.

    Raises ModelCorruptError where a file has changed, or belongs to another model.
    """
    import torch
    from safetensors.torch import load_file

    try:
        content = json.loads((folder / STATE).read_text(encoding="utf-8"))
        hashes = content.pop("files")
        state = RunState(**content)
        for name in (WEIGHTS, OPTIMIZER):
            if file_sha256(folder / name) != hashes[name]:
                raise ModelCorruptError(f"{folder / name} has changed since it was written: start the run again")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorruptError(f"{folder} is no checkpoint ({error}): start the run again") from error
    weights = load_file(folder / WEIGHTS)
    if {name: value.shape for name, value in weights.items()} != {name: p.shape for name, p in learned.items()}:
        raise ModelCorruptError(f"{folder} belongs to another model or recipe: start the run again")
    with torch.no_grad():
        for name, weight in learned.items():
            weight.copy_(weights[name])
    for key_name, value in load_file(folder / OPTIMIZER).items():
        key, _, name = key_name.partition(":")
        weight = learned[name]
        # AdamW counts its steps on the CPU, whatever the weights are on.
        optimizer.state[weight][key] = value if key == "step" else value.to(weight.device)
    return state
