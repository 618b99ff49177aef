"""Protocols: the steps a meeting follows, and the library of published ones.

Uses nothing of collab. It must never know a meeting.
"""
