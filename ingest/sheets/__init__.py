"""Reads spreadsheets: each sheet is a page, each cell a place of its own."""
