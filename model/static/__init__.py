"""The embedder that comes with Tieout: a vector for each word piece, averaged; and how it was made."""
