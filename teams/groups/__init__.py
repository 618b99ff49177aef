"""What a team agrees on about itself: its norms.

Uses the directory, audit and access. It must never know a meeting.
"""
