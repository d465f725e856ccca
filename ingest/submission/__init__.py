"""Reads full EDGAR submissions: one file that holds a filing, its exhibits and who filed them."""
