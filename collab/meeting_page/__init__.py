"""One address of a meeting: its agenda, its room or its minutes, by its state.

Uses preparation, room and minutes. It must never hold a rule of its own.
"""
