"""Real scalar engines from the package index, and a judge of what `export` makes of them."""
