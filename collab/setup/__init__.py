"""The first visit of a new server, new schools, and the list of what a school still needs before its first meeting.

Uses the records of every area below. It must never be needed by a school that has met.
"""
