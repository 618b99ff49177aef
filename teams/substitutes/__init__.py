"""Substitutes: who stands in for whom, and on which days.

Uses people, the directory, accounts and audit. It must never know about students or meetings.
"""
