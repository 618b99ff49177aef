"""Changes of sections."""
