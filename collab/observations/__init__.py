"""Peer observation: agreed by two colleagues, with evidence and a debrief.

Uses nothing of collab. Nobody but the two must ever see one, unless the host shares it.
"""
