"""Where drawings appear: notebooks and documentation."""
