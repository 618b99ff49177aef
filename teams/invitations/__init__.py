"""Invitations to sign in, by a link that works once and expires.

Uses account, mail and the directory. It must never store a link's token, and never let one school set the password of an
account that another one uses.
"""
