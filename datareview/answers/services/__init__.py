"""Save answers: cells of a grid, and whole classes."""
