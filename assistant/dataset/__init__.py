"""Training examples from the filings of a library: questions, sheets and programs that were executed and checked."""
