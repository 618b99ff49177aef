"""School years, terms, holidays, the day cycle and the bell schedule.

Uses the directory, audit and access. It must never know about meetings.
"""
