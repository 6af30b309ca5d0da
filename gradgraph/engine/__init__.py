"""The primitives as a table, and `Value`, which remembers how it was made."""
