"""The command line: parses what was typed, and shows what came back."""
