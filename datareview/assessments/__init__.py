"""A team's own assessments: made, changed, copied, deleted and restored, and who sees which class.

Uses records (the rows, and who teaches whom) and items. It must never know how answers are entered, shown or grouped.
"""
