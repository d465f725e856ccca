"""Importing the room is cheap: the heavy libraries come with the first use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import model

HEAVY = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "gguf", "llguidance", "tokenizers")


def test_no_module_of_the_room_imports_a_heavy_library() -> None:
    names = sorted(path.stem for path in Path(model.__path__[0]).glob("*.py") if path.stem != "__init__")
    assert "generator" in names
    imports = "\n".join(f"import model.{name}" for name in names)
    code = f"import sys\n{imports}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    root = Path(model.__path__[0]).parent
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout.strip() == "[]"
