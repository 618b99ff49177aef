"""Protocols: the steps of a meeting, and the library of published protocols.

Uses nothing of collab. It must never know about meetings.
"""
