"""One weekly slot for every team of a school, found by constraint programming (CP-SAT).

Pure: teams, people and slots are numbers; see `collab.availability.slots` for slots.
"""
