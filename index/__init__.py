"""Filings become a Library on disk; a Query becomes Evidence."""
