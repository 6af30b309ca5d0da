"""Our own layout engine: layered drawings of computation graphs, in process, at any size."""
