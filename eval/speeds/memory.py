"""Peak memory of reading files into filings, against extracting their text with pypdf; each in its own process.

``python -m eval.speeds.memory read|extract FILE…`` does one of them and prints its peak in MB.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from eval.speeds.measurement import Measurement, against, peak_memory
from eval.speeds.parse import extract
from ingest.read import read_filing


def measure_memory(files: Sequence[Path]) -> list[Measurement]:
    """Measure both over the PDFs among the files; nothing where there is none."""
    documents = [path for path in files if path.suffix.lower() == ".pdf"]
    if not documents:
        return []
    ours, plain = peak_of("read", documents), peak_of("extract", documents)
    return [against("peak memory of parsing", ours, "MB", "pypdf, text alone", plain, f"{len(documents)} files")]


def peak_of(way: Literal["read", "extract"], files: Sequence[Path]) -> float:
    """Return the peak of a fresh process, in MB. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "eval.speeds.memory", way, *(str(file) for file in files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    return float(done.stdout.split()[-1])


def main() -> None:
    """Read or extract the files that are named on the command line."""
    way, *files = sys.argv[1:]
    for file in files:
        if way == "read":
            read_filing(Path(file))
        else:
            extract(Path(file))
    print(f"{peak_memory():.1f}")


if __name__ == "__main__":
    main()
