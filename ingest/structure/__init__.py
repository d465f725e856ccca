"""Where the sections of a filing begin: items, notes, statements, exhibits and other headings, each on its own."""
