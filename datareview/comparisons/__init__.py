"""Comparisons: a question about any students, any measure and any two windows, and the chart that answers it.

Uses figures, plans and records. It must never compare classes that its reader does not teach, nor name who is in a
group that the school records.
"""
