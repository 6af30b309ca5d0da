"""PNG and PDF."""
