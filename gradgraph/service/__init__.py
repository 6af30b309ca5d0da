"""The HTTP service that renders documents of people it does not trust."""
