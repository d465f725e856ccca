"""Reads Word and PowerPoint documents through the library unstructured, and mail, rich text and Markdown."""
