"""Looks: who looked at the results of an assessment, of which class, when everyone did, and over whom they are shown next.

Uses assessments. It must never know what was answered.
"""
