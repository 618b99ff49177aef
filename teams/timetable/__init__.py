"""The timetable: the duties of staff in each period, edited in a grid or loaded from a file.

Uses calendar, jobs, directory and access. It must never know about meetings.
"""
