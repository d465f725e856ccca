"""Reads plain text as the filings of the 1990s have it: tables laid out by blanks, pages marked by tags."""
