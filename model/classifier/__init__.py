"""Classifiers of texts over the embedded model: a head on its vectors, alone or with the model tuned for it."""
