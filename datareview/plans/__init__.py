"""Intervention plans, sessions, progress scores, reviews and the caseload.

Uses records, trends and flags. It must never know about meetings.
"""
