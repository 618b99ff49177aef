"""The audit log: who did what. Rows are only ever added.

Uses the directory. It must never be changed.
"""
