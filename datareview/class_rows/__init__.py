"""Class lists as files have them: a row for each student in each class, its summary, and the tables that it stands for.

Uses the names of columns that recognition knows. It must never know imports, nor write anything.
"""
