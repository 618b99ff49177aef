"""Search over what meetings said and decided.

Uses the permissions of every area it looks into. It must never find what its reader cannot open.
"""
