"""Our own layout engine."""
