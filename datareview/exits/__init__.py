"""Checks four and eight weeks after a plan ended with its goal met, or faded: whether the student keeps the level.

Uses plans, their values and scores. It must never reopen a plan itself: people do.
"""
