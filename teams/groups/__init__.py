"""Team norms.

Uses the directory, audit and access. It must never know about meetings.
"""
