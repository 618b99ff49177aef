"""Free slots of a team's people, and the finder of meeting times.

Uses meetings and the timetable of teams. It must never write to the database.
"""
