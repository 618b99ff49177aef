"""The way of a file that a worker checks, then applies, and can undo: files of people, timetables.

A kind says what is special about it (`services.FileKind`); states, jobs and the page are the same for all.
"""
