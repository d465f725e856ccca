"""What is measured: Tieout itself, and its peers."""
