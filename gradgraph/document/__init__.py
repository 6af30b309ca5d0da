"""Graph ↔ bytes and files, judged by the published schema."""
