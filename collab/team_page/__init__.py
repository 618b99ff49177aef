"""A team's own page.

Uses followup, meetings and planning. It must never hold a rule of its own.
"""
