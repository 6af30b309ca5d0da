"""The `dot` process, as a layout engine."""
