"""Student work: pictures and PDF files that a team looks at in a meeting, with names covered, and scores blind.

Uses agendas. It must never know what the team concludes.
"""
