"""Contacts with a student's family, or the reasons why there was none, before a tier changes.

Uses students and a school's rules for cases. It must never decide about a plan: those who do ask here first.
"""
