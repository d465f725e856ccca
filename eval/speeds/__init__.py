"""How fast and how large: each bench in a file of its own, each figure beside a baseline of the same run."""
