"""The structure of a graph: cones, stacks, runs, regions and layers."""
