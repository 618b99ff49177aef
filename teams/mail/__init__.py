"""The outbox: emails, each sent once, outside the recipient's quiet hours.

Uses lib, directory and access. It must never contain a student's name.
"""
