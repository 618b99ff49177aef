"""The list of teams, a team's own page, and the pages that edit teams, their members and norms.

Uses followup, meetings, planning, preparation and teams.team_admin. It must never contain rules of its own.
"""
