"""The outbox: email that goes out once, outside quiet hours.

Uses lib, directory and access. It must never hold a student's name.
"""
