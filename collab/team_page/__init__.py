"""A team's own page.

Uses followup, meetings and planning. It must never contain rules of its own.
"""
