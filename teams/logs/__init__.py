"""What the server's log tells besides lines of code: security events, and counts of what fails.

Uses lib. It must never know a name, or what somebody typed.
"""
