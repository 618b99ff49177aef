"""Search over what was recorded in meetings.

Uses the permissions of every area it searches. It must never find what its reader cannot open.
"""
