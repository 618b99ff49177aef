"""The record of who did what; rows are only added.

Uses the directory. It must never be changed.
"""
