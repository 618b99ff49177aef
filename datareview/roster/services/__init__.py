"""Changes of the roster."""
