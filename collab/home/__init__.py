"""The first page, and the morning digest by email.

Uses followup, meetings, polls and insights. It must never hold a rule of its own.
"""
