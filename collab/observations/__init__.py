"""Peer observation: agreed by two, with evidence and a debrief.

Uses nothing of collab. It must never be seen by anybody but the two, unless both share it.
"""
