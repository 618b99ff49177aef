"""Running the server: health, the log of requests and security events, warnings of repeated failures.

Uses jobs, mail and the directory. It must never log or send a name, typed text, or a student's data.
"""
