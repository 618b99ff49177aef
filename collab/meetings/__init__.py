"""Series, meetings, guests, attendance and events; who takes part; calendar feeds and invitations.

Uses protocols. It must never know what is on an agenda.
"""
