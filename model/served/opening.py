"""The door of the served generators: a name in the settings becomes one.

``openai-like:MODEL`` is a model on a server that speaks OpenAI's protocol: vLLM, Ollama, llama.cpp's server, a
hosted one. ``llamaindex:PACKAGE.MODULE:CLASS`` is any language model of LlamaIndex that is installed. A class is
named by the user's own settings alone: its module is imported, and may do whatever it likes.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ingest.errors import ConfigurationError, ModelError
from model.served.generator import ServedGenerator
from model.served.options import ServedOptions

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OPENAI_LIKE = "openai-like:"
LLAMAINDEX = "llamaindex:"

_CLASS = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)", re.ASCII)
_NO_KEY = "none"


def is_served(name: str) -> bool:
    """Whether a generator of this name is served, and not one of the cache."""
    return name.startswith((OPENAI_LIKE, LLAMAINDEX))


def served_state(name: str, options: ServedOptions) -> str:
    """Return what identifies a served generator and its settings; it holds neither the address nor the key."""
    settings = [options.api_base, options.json_schema, options.answer_tokens, options.context_window]
    decided = json.dumps([*settings, dict(options.arguments)], default=str, sort_keys=True)
    return f"{name}@{hashlib.sha256(decided.encode()).hexdigest()[:12]}"


def open_served(name: str, options: ServedOptions) -> ServedGenerator:
    """Open the served generator of this name; nothing is sent before it is asked.

    Raises ConfigurationError where the settings do not suffice, ModelError where a package is missing or the
    class refuses its arguments.
    """
    key = _key(options)
    if name.startswith(OPENAI_LIKE):
        model = name.removeprefix(OPENAI_LIKE)
        if not model:
            raise ConfigurationError(f"{OPENAI_LIKE} lacks the model: generator = '{OPENAI_LIKE}MODEL'")
        return ServedGenerator(name, _place(options), _openai_like(model, options, key), options, openai=True, key=key)
    path = name.removeprefix(LLAMAINDEX)
    return ServedGenerator(name, path, _any_model(path, options, key), options, key=key)


def _key(options: ServedOptions) -> str | None:
    if "api_key" in options.arguments:
        raise ConfigurationError("a key has no place in the settings: name its variable as api_key_env in [served]")
    if options.api_key_env is None:
        return None
    key = os.environ.get(options.api_key_env, "").strip()
    if not key:
        raise ConfigurationError(f"the environment has no {options.api_key_env}, which api_key_env in [served] names")
    return key


def _place(options: ServedOptions) -> str:
    """The address, which is named in errors: it must not hold a key."""
    if options.api_base is None:
        raise ConfigurationError("api_base in [served] is missing: the address of the server, http://localhost:8000/v1")
    parts = urlsplit(options.api_base)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ConfigurationError("api_base in [served] is an address without user or query: http://localhost:8000/v1")
    return options.api_base


def _openai_like(model: str, options: ServedOptions, key: str | None) -> LLM:
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise ModelError("served models need an extra: pip install 'tieout[served]'") from error
    from model.served.wire import bounded_client

    given = {
        "model": model,
        "api_base": options.api_base,
        # Without one LlamaIndex would take OPENAI_API_KEY, and send it to whatever server this is.
        "api_key": key or _NO_KEY,
        "is_chat_model": True,
        "http_client": bounded_client(),
        **options.arguments,
    }
    return _made(OpenAILike, given, options, key)


def _any_model(path: str, options: ServedOptions, key: str | None) -> LLM:
    match = _CLASS.fullmatch(path)
    if match is None:
        raise ConfigurationError(f"{path[:80]!r} names no class: generator = '{LLAMAINDEX}package.module:Class'")
    try:
        from llama_index.core.llms import LLM

        found = getattr(importlib.import_module(match[1]), match[2], None)
    except ImportError as error:
        raise ModelError(f"{match[1]} cannot be imported: install the package that it is in ({error})") from error
    if not (isinstance(found, type) and issubclass(found, LLM)):
        raise ConfigurationError(f"{path} is no language model of LlamaIndex: name a subclass of LLM")
    given = {**({"api_base": options.api_base} if options.api_base else {}), **({"api_key": key} if key else {})}
    return _made(found, {**given, **options.arguments}, options, key)


def _made(kind: type[LLM], given: dict[str, Any], options: ServedOptions, key: str | None) -> LLM:
    """Make the model; what has a usual name in its class and was not given is set as our settings have it."""
    usual = {
        "temperature": 0.0,
        "max_tokens": options.answer_tokens,
        "context_window": options.context_window,
        "timeout": options.timeout,
        "request_timeout": options.timeout,
        "max_retries": 0,
    }
    known = {name: value for name, value in usual.items() if name in kind.model_fields and value is not None}
    try:
        return kind(**{**known, **given})
    except Exception as error:  # whatever its maker raises: a missing key, a name that it does not know
        said = _said(error)
        said = said.replace(key, "…") if key else said
        raise ModelError(
            f"{kind.__name__} cannot be made from [served]: {type(error).__name__}: {said[:200]}"
        ) from None


def _said(error: Exception) -> str:
    """What an error says, on one line; Pydantic's own text has the values in it."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:3])
    return " ".join(str(error).split())
