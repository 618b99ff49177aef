"""A district: its schools, one more, and settings copied from one school to another.

Uses set-up and the settings of every area below. It must never show a student: for that, people need a role at the school.
"""
