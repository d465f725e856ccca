"""A path becomes a Filing: pages, sections, tables, facts and passages, each with its place in the source."""
