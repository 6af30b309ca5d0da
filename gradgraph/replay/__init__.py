"""Graph → live values again; recompute and compare."""
