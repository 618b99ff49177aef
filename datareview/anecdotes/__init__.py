"""What teachers see of a child, written down in half a minute: a skill, a few words, who may read them.

Uses records, and teams of the school. It must never show a note to someone whom its author did not choose.
"""
