"""A live meeting on the wall: the current item, large, for everyone in the room at once, with names hidden.

Uses the room. It must never show what only some of the people in the room may read.
"""
