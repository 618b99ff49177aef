"""Who is on duty in which period, by grid and by file.

Uses calendar, directory and access. It must never know a meeting.
"""
