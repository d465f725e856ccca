"""A question, a schema or a conversation becomes answers, rows or turns. The command line lives here."""
