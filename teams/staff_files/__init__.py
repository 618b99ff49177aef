"""People from a file: what it would add and change, applying it, and undoing that.

Uses people, jobs, tables and the directory. It must never remove or demote anyone because a file does not name them.
"""
