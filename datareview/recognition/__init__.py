"""Recognize what an uploaded table is: the kind of its rows, and the field of each column, by values and by names.

It uses the student numbers that a caller gives it, and the readers of cells in `teams.tables`. It must never know
imports, nor write anything.
"""
