"""Mastery by standard over the checks of a team or of the school.

Uses results, looks, assessments and records. It must never show a number that the page of results would not show.
"""
