#!/usr/bin/env bash
# Adds the example filings to a library of their own and asks three questions: for a figure that is printed,
# for one that is computed, and for one that the filings do not give. `make demo` runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PATH="$PWD/${VENV:-.venv}/bin:$PATH"
export TIEOUT_LIBRARY=build/demo-library TIEOUT_EMBEDDER=static TIEOUT_GENERATOR=picker

ask() {
  printf '\n$ tieout ask --trace "%s"\n' "$1"
  tieout ask --trace "$1"
}

printf '\n$ tieout add examples/filings\n'
tieout add examples/filings
ask "What was Orrindale's capital expenditure in FY2024?"
ask "What was Orrindale's operating margin in FY2024?"
ask "How many people does Orrindale employ in Germany?"
printf '\nA cited page:  TIEOUT_LIBRARY=%s %s/bin/tieout show orrindale_2024_10K.htm --page 14\n' \
  "$TIEOUT_LIBRARY" "${VENV:-.venv}"
