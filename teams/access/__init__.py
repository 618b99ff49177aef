"""Roles and abilities in one table, and who belongs where.

Uses the directory. It must never know a student.
"""
