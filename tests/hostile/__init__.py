"""Attacks, as files: what each is, what answers it, and what that may cost.

`attacks.yaml` is the table. `files/` holds the files it names; one that ends in .recipe is expanded by `recipes`.
"""
