"""Decisions, the votes on them, whether they worked, and the decision log.

Uses action items, teaching changes, agendas and preparation, whose queue it feeds. It must never know about the live room.
"""
