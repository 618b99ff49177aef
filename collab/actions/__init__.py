"""Action items: who does what by when, until it is done, or dropped with a reason.

Uses meetings, agendas and preparation, whose queue it feeds. It must never know about decisions or the live room.
"""
