"""Sections, their teachers and enrollments, with dates; students in no section.

Uses records and plans. It must never decide who sees a student: that follows from the rows.
"""
