"""Any live computation → Graph."""
