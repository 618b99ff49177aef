"""Roles and abilities in one table, and membership of schools and teams.

Uses the directory. It must never know about students.
"""
