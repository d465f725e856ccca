"""Measures the assistant through the same public functions that users call."""
