"""Sets of files: a zip, or several files chosen at once, checked, loaded and undone together, each after those it needs.

Uses imports, checking and loading. It must never apply a file that asks something, nor go on behind one that does.
"""
