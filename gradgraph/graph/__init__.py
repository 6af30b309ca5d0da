"""The immutable graph, and what one can ask of it."""
