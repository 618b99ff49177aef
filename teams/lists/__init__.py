"""Lists with filters: changing the rows that a person selected, on one page or on all of them.

Uses lib. It must never know what the rows are.
"""
