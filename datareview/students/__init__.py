"""A student's page, and the list of students.

Uses figures, flags, plans and trends. It must never open a record without writing that down.
"""
