"""The print shop: one manuscript with its figures, set as a PDF or as inline XBRL."""
