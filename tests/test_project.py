"""The project as a whole: its names, its import rule, its quick command line, its tree of errors."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from ingest import errors

ROOT = Path(__file__).parents[1]
ROOMS = ("ingest", "index", "model", "assistant", "eval")
HEAVY = ("torch", "transformers", "faiss", "sentence_transformers", "pypdfium2", "pypdf", "lxml", "numpy", "pydantic")
DECLARED_AS = {
    "markdown_it": "markdown-it-py",
    "llama_index": "llama-index-core",
    "PIL": "pillow",
    "faiss": "faiss-cpu",
}
"""The distributions whose modules go by another name."""


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


def project() -> dict[str, object]:
    content: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return content


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_claims_the_name_of_a_room(room: str) -> None:
    assert set(packages_distributions().get(room, [])) <= {"tieout"}


def test_imports_keep_to_the_layers() -> None:
    pytest.importorskip("importlinter", reason="the lint group is not installed")
    done = run_python("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom assistant.cli.main import app\napp(['--help'], standalone_mode=False)\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules], len(sys.modules))"
    )
    done = run_python("-c", code)
    assert done.returncode == 0, done.stderr
    assert "extract" in done.stdout
    loaded = re.search(r"loaded: (\[.*\]) (\d+)$", done.stdout.strip())
    assert loaded is not None
    assert loaded[1] == "[]"
    assert int(loaded[2]) < 400


EXTRAS_OF = {
    "index/llamaindex.py": ("llamaindex",),
    "model/served/": ("served",),
    "eval/": ("eval", "peers"),
    "ingest/office/": ("office",),
}
"""Where the packages of an extra may be imported."""


def test_every_import_is_of_a_declared_dependency() -> None:
    table = project()
    extras = table["optional-dependencies"]
    needed = {normal(re.split(r"[<>=\[ ]", line)[0]) for line in table["dependencies"]}  # type: ignore[attr-defined]
    allowed = {
        place: {normal(re.split(r"[<>=\[ ]", line)[0]) for name in names for line in extras[name]}  # type: ignore[index]
        for place, names in EXTRAS_OF.items()
    }
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for name in imported_by(path):
                found[normal(DECLARED_AS.get(name, name))] = str(path.relative_to(ROOT))
    undeclared = {
        name: path
        for name, path in found.items()
        if name not in needed and not any(path.startswith(place) and name in names for place, names in allowed.items())
    }
    assert found
    assert undeclared == {}


def imported_by(path: Path) -> set[str]:
    """The top-level names that a file imports, anywhere in it, from outside the project and Python."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names - set(ROOMS) - sys.stdlib_module_names


def test_every_pin_is_exact_and_covers_what_is_declared() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins)
    pinned = {normal(pin.split("==")[0]) for pin in pins}
    declared = {normal(re.split(r"[<>=\[ ]", line)[0]) for line in project()["dependencies"]}  # type: ignore[attr-defined]
    assert declared - pinned == set()
    assert "tieout" not in pinned


def test_every_error_stands_in_the_drawn_tree_below_its_parent() -> None:
    assert errors.__doc__ is not None
    drawn = [
        (match.start(2) // 4, match[2])
        for line in errors.__doc__.splitlines()
        if (match := re.match(r"    ([│├└─ ]*)(\w+Error)\b", line))
    ]
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for depth, name in drawn:
        above[depth - 1 :] = [name]
        parents[name] = above[-2] if len(above) > 1 else None
    classes = {name: thing for name, thing in vars(errors).items() if isinstance(thing, type)}
    assert set(parents) == set(classes)
    assert parents.pop("TieoutError") is None
    assert parents == {name: thing.__bases__[0].__name__ for name, thing in classes.items() if name != "TieoutError"}


def test_the_drawn_exit_codes_are_those_of_the_classes() -> None:
    assert errors.__doc__ is not None
    drawn = dict(re.findall(r"(\w+Error)\b.*\bexit (\d)$", errors.__doc__, re.MULTILINE))
    assert {name: getattr(errors, name).exit_code for name in drawn} == {
        name: int(code) for name, code in drawn.items()
    }
    assert {code for name, code in drawn.items() if name != "ConfigurationError"} == set("23456")


def test_the_documented_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", ".ci/run")]
    named = {target for text in texts for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)}
    assert {"demo", "test"} <= named
    assert named <= targets
