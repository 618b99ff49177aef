"""Adding, changing and archiving teams, their members, and the school's rules about them.

Uses the directory, audit, access and logs. It must never know about meetings or students.
"""
