"""Judges of cost: no free dimension of a document makes anything cost more than in proportion to its size.

`python -m tests.cost` (`make cost`) measures every action on every dimension; test_cost.py measures some in the gate.
"""
