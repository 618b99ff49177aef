"""Publishing an agenda: a draft until then, sent by email, and at the latest a day before its meeting.

Uses meetings and agendas. It must never know what waits in the team's queue.
"""
