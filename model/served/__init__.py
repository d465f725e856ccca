"""Generators that others serve: any language model of LlamaIndex, held to the same programs as our own."""
