"""Models by a Hugging Face id: weights as safetensors, settings and tokenizer; never code or pickle."""

from __future__ import annotations

import shutil
from pathlib import Path

from ingest.errors import ModelError

PATTERNS: tuple[str, ...] = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "LICENSE*")
IGNORED: tuple[str, ...] = ("onnx/*", "openvino/*", "original/*", "runs/*")


def fetch_snapshot(name: str, target: Path) -> None:
    """Download a model's files below ``target``.

    Raises ModelError, in one line, where the hub cannot be reached, does not have the model, does not
    give it out, or has no safetensors of it.
    """
    import httpx2
    from huggingface_hub import errors, snapshot_download
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    silent = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        snapshot_download(name, local_dir=target, allow_patterns=list(PATTERNS), ignore_patterns=list(IGNORED))
    except errors.GatedRepoError as error:
        raise ModelError(f"{name} is given out on request only: accept its terms on the hub") from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(f"the Hugging Face hub has no model {name}, or keeps it private") from error
    except errors.HFValidationError as error:
        raise ModelError(f"{name} is not a name that the Hugging Face hub allows") from error
    except (errors.LocalEntryNotFoundError, errors.HfHubHTTPError, httpx2.HTTPError) as error:
        raise ModelError(
            f"the Hugging Face hub cannot be reached for {name} ({type(error).__name__}): "
            "check the network, or use minilm and smollm2, which come from the package index"
        ) from error
    except OSError as error:
        raise ModelError(f"{name} could not be written to {target}: {error}") from error
    finally:
        if not silent:
            enable_progress_bars()
    shutil.rmtree(target / ".cache", ignore_errors=True)
    if not any(target.rglob("*.safetensors")):
        raise ModelError(f"{name} has no weights as safetensors, and no other kind is loaded")
