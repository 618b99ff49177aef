"""The packet of a meeting for paper: its agenda with the charts, and a sheet to write on.

Uses meetings, agendas and action items. It must never know what was said in the room.
"""
