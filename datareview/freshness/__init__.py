"""Freshness: to which day a school has attendance, grades and probes, when they were loaded, and what counts as stale.

Uses records and the calendar. It must never say by a color alone that data are stale, nor count a day without school.
"""
