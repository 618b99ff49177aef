"""Whether flags were right: what people decided about them, needs that none showed, and both by group, released per term.

It owns the released figures. It uses flags, candidates, plans, requests and the protection of `gaps`. It must never set
a cut point by group.
"""
