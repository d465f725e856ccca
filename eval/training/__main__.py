"""``python -m eval.training``: writes training examples made of the benchmarks that may train, with a card."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from eval.training.corpus import build_corpus, write_corpus
from ingest.errors import TieoutError
from ingest.vocabulary import load_vocabulary


def main() -> int:
    """Read the command line, write the files, print how many examples there are."""
    parser = argparse.ArgumentParser(prog="python -m eval.training", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the benchmarks' data")
    parser.add_argument("--out", type=Path, default=Path("build/training"), help="folder to write")
    parser.add_argument("--seed", type=int, default=0, help="for our own questions")
    given = parser.parse_args()
    try:
        corpus = build_corpus(given.data, load_vocabulary(), given.seed)
        write_corpus(corpus, given.data, given.out, given.seed)
    except TieoutError as error:
        print(f"eval.training: {error}", file=sys.stderr)
        return error.exit_code
    for source, reasons in corpus.dropped.items():
        left = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        print(f"{source}: left out {left or 'none'}")
    print(f"{given.out}: {len(corpus.train)} + {len(corpus.own)} to learn from, {len(corpus.dev)} held out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
