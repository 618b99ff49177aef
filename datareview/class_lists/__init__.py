"""Class lists: one file with students, their classes and teachers, which makes people, a roster and grade teams.

Uses imports, loading, people and teams: it divides the list into files of the importer's kinds, which are loaded and can be
undone as if they had been uploaded one by one. It must never write a roster by itself.
"""
