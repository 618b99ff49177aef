"""Case leads: the one person whom everyone asks about a student, and who sees that what was agreed is done.

Uses records. A case lead sees no more than before: only who sees the student already can be chosen.
"""
