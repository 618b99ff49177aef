"""The page of a student, and the list of students.

Uses figures, flags, plans and trends. It must never show a record without logging the disclosure.
"""
