"""Decisions, action items, questions to leaders, causes and teaching changes, and the decision log.

Uses agendas, discussion and preparation, whose queue it feeds. It must never know about the live room.
"""
