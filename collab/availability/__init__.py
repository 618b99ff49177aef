"""Free slots of a team's people, and the finder of a time.

Uses meetings and the timetable of teams. It must never write.
"""
