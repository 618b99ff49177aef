"""Records that look alike: merge two of one student, undo it within a day, or mark them as different students.

Uses the roster, plans and flags. It must never merge or mark anything without a person's choice.
"""
