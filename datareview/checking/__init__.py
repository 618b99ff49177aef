"""Checking: say of each row of a file whether it is new, changed, the same, or has a problem.

Uses imports and records. It must never write a value of a file, which loading does.
"""
