"""Security events in the server's log, and counts of failures.

Uses lib. It must never know a name, or text that someone typed.
"""
