"""One weekly time for every team, found by a solver.

Uses availability, planning and meetings. It must never know a meeting's contents.
"""
