"""Training examples from benchmarks: their gold programs, pointed at the sheet that a generator would see."""
