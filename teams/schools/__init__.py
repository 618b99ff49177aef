"""What a school is called, where it is, and what it has chosen for itself.

Uses the directory, audit and access. It must never know about students.
"""
