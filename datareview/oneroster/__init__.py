"""The files of a OneRoster set, joined into files that say whole things, each of one kind.

Uses the reader of tables and recognition's numbers of students. It must never know what is stored, nor write anything.
"""
