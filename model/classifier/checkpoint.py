"""Where learning stands, on disk, so that it goes on there after an interruption with the same result.

A folder with ``states.safetensors``, what the layers that stay as they are gave for each text, and
``step.safetensors``, the weights, the optimiser's moments and the random numbers' state after a step.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

EVERY = 20
"""Steps between two checkpoints."""
STATES, STEP = "states.safetensors", "step.safetensors"


class Checkpoint:
    """The folder of one learning: ``made_of`` names data, recipe and model; what another one left is not used."""

    def __init__(self, folder: Path, made_of: str) -> None:
        self.folder = folder
        self.made_of = made_of

    def states(self, make: Callable[[], Sequence[Any]]) -> list[Any]:
        """Return the states that are kept, or make and keep them: a tensor (pieces, width) for each text."""
        import torch

        kept = self._read(STATES)
        if kept is None:
            made = list(make())
            lengths = torch.tensor([len(state) for state in made])
            self._write(STATES, {"states": torch.cat(made), "lengths": lengths})
            return made
        return list(kept["states"].split(kept["lengths"].tolist()))

    def resume(self, weights: Mapping[str, Any], optimiser: Any) -> int:
        """Set weights, optimiser and random numbers as they were left; return the steps that are done."""
        import torch

        kept = self._read(STEP)
        if kept is None:
            return 0
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(kept[f"weight.{name}"])
        for name, weight in weights.items():
            optimiser.state[weight] = {key: kept[f"{key}.{name}"] for key in ("step", "exp_avg", "exp_avg_sq")}
        torch.set_rng_state(kept["random"])
        return int(kept["done"])

    def keep(self, done: int, weights: Mapping[str, Any], optimiser: Any) -> None:
        """Keep the state after ``done`` steps."""
        import torch

        tensors = {"random": torch.get_rng_state(), "done": torch.tensor(done)}
        for name, weight in weights.items():
            tensors[f"weight.{name}"] = weight.detach()
            tensors |= {f"{key}.{name}": optimiser.state[weight][key] for key in ("step", "exp_avg", "exp_avg_sq")}
        self._write(STEP, tensors)

    def forget(self) -> None:
        """Remove the folder; what was learned is kept elsewhere by now."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self, name: str) -> dict[str, Any] | None:
        from safetensors import SafetensorError, safe_open

        if not (self.folder / name).is_file():
            return None
        try:
            with safe_open(self.folder / name, framework="pt") as opened:
                if (opened.metadata() or {}).get("made_of") != self.made_of:
                    return None
                return {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118 - no mapping
        except SafetensorError:  # cut off: learning begins again
            return None

    def _write(self, name: str, tensors: Mapping[str, Any]) -> None:
        from safetensors.torch import save_file

        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{name}.draft"
        save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, draft, {"made_of": self.made_of})
        draft.replace(self.folder / name)
