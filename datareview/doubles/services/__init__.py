"""Services of the doubles area."""
