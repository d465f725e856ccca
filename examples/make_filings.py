"""Writes the filings of two fictional companies, which examples and tests read.

Usage: ``python examples/make_filings.py [OUT_DIR]``. The same files, byte for byte, come out of every run.
"""

from __future__ import annotations

import sys
from pathlib import Path

from marrowby.quarterly_report import quarterly_report
from orrindale.annual_report import annual_report
from orrindale.release import release
from press.inline import inline_xbrl
from press.typeset import typeset


def make_filings(folder: Path) -> list[Path]:
    """Write all filings into ``folder``, which is made where it is missing; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    annual = annual_report()
    setting = typeset(annual)
    quarter = quarterly_report()
    files = {
        "orrindale_2024_10K.pdf": setting.pdf,
        "orrindale_2024_10K.htm": inline_xbrl(annual, setting.pages),
        "orrindale_2024Q4_earnings.pdf": typeset(release()).pdf,
        "marrowby_2024Q2_10Q.htm": inline_xbrl(quarter, typeset(quarter).pages),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def main() -> None:
    """Read the one argument, write the filings and say which."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "filings"
    for path in make_filings(folder):
        print(f"{path}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
