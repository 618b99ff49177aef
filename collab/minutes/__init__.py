"""Minutes: corrections, approval, the version for all staff, PDF and email.

Uses room, followup, discussion and agendas. It must never change what was recorded.
"""
