"""One weekly time for every team, found by a solver.

Uses availability, planning and meetings. It must never know the contents of a meeting.
"""
