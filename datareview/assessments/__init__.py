"""A team's own assessments: their items and keys, the school's standards, and which standards are essential in a year.

Uses records (the rows, and who teaches whom). It must never know how answers are entered, shown or grouped.
"""
