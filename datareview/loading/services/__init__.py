"""Services of loading."""
