"""Tuning: examples of questions with their sheet and program, recipes, training, and adapters as artefacts."""
