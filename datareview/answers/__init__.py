"""Entering the results of assessments: cell by cell, as a pasted block, or from rows keyed in from a sheet.

Uses assessments and records. It must never know what is computed from the answers.
"""
