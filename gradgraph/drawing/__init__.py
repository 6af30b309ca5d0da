"""What is drawn of a graph, decided once, and who draws it."""
