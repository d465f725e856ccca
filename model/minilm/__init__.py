"""The pulled MiniLM, run by torch alone: for questions, and as what the picker is trained from."""
