"""Explore: any students, any measure, any two windows, in one of several kinds of chart, with the students beneath.

Uses figures, plans and records. It must never compare classes that its reader does not teach, nor name who is in a
group that the school records.
"""
