"""The home page, and the morning digest by email.

Uses followup, meetings, polls and insights. It must never contain rules of its own.
"""
