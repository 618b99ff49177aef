"""Schools, years, terms, holidays, periods; users, staff, duties, teams; days and cycles.

Uses lib. It must never know about abilities.
"""
