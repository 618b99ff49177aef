"""Looks: who looked at the results of an assessment, of which class, and when everyone did.

Uses assessments. It must never know what was seen.
"""
