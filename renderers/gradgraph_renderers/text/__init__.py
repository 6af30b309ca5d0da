"""The text drawing."""
