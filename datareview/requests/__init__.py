"""Requests for assistance with a student: from staff, or entered for a family or the student; and where they stand.

Uses candidates, which it raises and clears. It must never decide about them.
"""
