"""What a rule would have done in earlier terms: whom it would have flagged, and what came of them.

Uses rules, flags, trends and delivery (free seats). It must never write a flag, nor let a rule know who is in a group.
"""
