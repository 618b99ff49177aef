"""One URL per meeting: its agenda, live room or minutes, depending on its state.

Uses preparation, room and minutes. It must never contain rules of its own.
"""
