"""A protocol is taken over by meetings that are planned already, when someone asks for it.

Uses protocols, meetings and agendas. It must never know where an item of an agenda comes from.
"""
