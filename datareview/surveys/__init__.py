"""Screeners and check-ins that a school makes itself: their questions, whom they ask, and who may run them.

Uses records and measures. It must never know what was answered.
"""
