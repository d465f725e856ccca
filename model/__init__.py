"""Names become loaded embedders and generators; a sheet of evidence becomes a program."""
