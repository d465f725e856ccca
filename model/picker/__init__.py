"""The picker: an encoder that reads question and sheet, and picks operators and operands one after the other.

It writes the same programs as a language model does, and fits in wherever a generator fits.
"""
