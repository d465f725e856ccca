"""The benchmarks: one file for each, with its loader, scorers and systems."""
