"""What an item of the live room is about: earlier action items, norms, a plan to review, with what can be done there.

Uses action items, agendas and the progress of plans. It must never know about the live room.
"""
