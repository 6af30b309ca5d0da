"""The renderers that come with gradgraph, registered by entry point like anyone's."""
