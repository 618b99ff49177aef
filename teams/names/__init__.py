"""Names: the order in which people stand in lists, the same on every database and in Python.

Uses nothing. It must never hide, shorten or change a name.
"""
