"""The live meeting: its lifecycle, clock, actions in the room, feedback and the stream of changes.

Uses followup, discussion, agendas and meetings. It must never know about minutes.
"""
