"""What a school asks of everyone who decides about students: a family step before a tier changes, no case left unseen.

Uses schools. It must never know a student.
"""
