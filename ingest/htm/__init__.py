"""Reads HTML filings, with or without inline XBRL."""
