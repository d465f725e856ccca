"""Which device and number format a model runs in, and why."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import ConfigurationError, ModelError

DTYPES: tuple[str, ...] = ("bfloat16", "float16", "float32")
"""The number formats that can be asked for, by their torch names."""

DEVICE_VARIABLE = "TIEOUT_DEVICE"
DTYPE_VARIABLE = "TIEOUT_DTYPE"

_DEVICE = re.compile(r"cpu|mps|cuda(:[0-9]{1,3})?")
_CPU_BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16"})


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A torch device, the name of a torch dtype, and the sentence that says why."""

    device: str
    dtype: str
    reason: str


def choose_device(requested: str | None = None, *, dtype: str | None = None) -> DeviceChoice:
    """Choose the device and the number format.

    The device comes from ``requested``, else from the environment variable TIEOUT_DEVICE, else it is
    the best one present: a CUDA GPU, an Apple GPU, the CPU. The number format comes from ``dtype``,
    else from TIEOUT_DTYPE, else it is float16 on a GPU, bfloat16 on a CPU that multiplies bfloat16,
    float32 elsewhere. Raises ConfigurationError on a name that is none, ModelError where a device was
    asked for that is absent.
    """
    asked, source = _asked(requested, "asked for", DEVICE_VARIABLE)
    if asked is None:
        device, reason = _best_device()
    else:
        _check_device(asked, source)
        device, reason = asked, f"{asked} was {source}"
    wanted, source = _asked(dtype, "asked for", DTYPE_VARIABLE)
    if wanted is not None:
        if wanted not in DTYPES:
            raise ConfigurationError(f"{wanted!r}, {source}, is no number format: use {', '.join(DTYPES)}")
        return DeviceChoice(device, wanted, f"{reason}; {wanted} was {source}")
    best, why = _best_dtype(device)
    return DeviceChoice(device, best, f"{reason}; {best}: {why}")


def _asked(argument: str | None, source: str, variable: str) -> tuple[str | None, str]:
    """Find what was asked for and by whom; "" and "auto" ask for nothing."""
    if argument not in (None, "", "auto"):
        return argument, source
    found = os.environ.get(variable, "")
    return (found, f"set by {variable}") if found not in ("", "auto") else (None, "")


def _check_device(name: str, source: str) -> None:
    if _DEVICE.fullmatch(name) is None:
        raise ConfigurationError(f"{name!r}, {source}, is no device: use cpu, cuda, cuda:0 … or mps")
    if name == "cpu":
        return
    import torch

    if name == "mps":
        present = torch.backends.mps.is_available()
    else:
        index = int(name.partition(":")[2] or 0)
        present = torch.cuda.is_available() and index < torch.cuda.device_count()
    if not present:
        raise ModelError(f"the device {name}, {source}, is not there; use another, or cpu")


def _best_device() -> tuple[str, str]:
    import torch

    if torch.cuda.is_available():
        return "cuda", "a CUDA GPU is present"
    if torch.backends.mps.is_available():
        return "mps", "an Apple GPU is present"
    return "cpu", "no GPU is present"


def _best_dtype(device: str) -> tuple[str, str]:
    if device != "cpu":
        return "float16", "half precision on a GPU"
    found = sorted(_CPU_BFLOAT16 & cpu_flags())
    if found:
        return "bfloat16", f"the CPU has {', '.join(found)}"
    return "float32", "the CPU has no bfloat16 arithmetic"


def cpu_flags(source: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """List the CPU's feature flags as Linux names them; empty on other systems."""
    try:
        text = source.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    match = re.search(r"^flags\s*:(.*)$", text, flags=re.MULTILINE)
    return frozenset(match.group(1).split()) if match else frozenset()
