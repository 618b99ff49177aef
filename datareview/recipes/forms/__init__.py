"""Forms of remembered forms of files: `recipes` (list, edit), `codes` (what a code in a cell means)."""
