"""Cohorts: the sets of students by which pages ask: of a team, a section, a group or the whole school.

Uses records, plans, delivery and regrouping. It must never hold a student whom its reader may not see.
"""
