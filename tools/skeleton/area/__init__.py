"""Things: describe in one sentence what this area owns.

Describe here what it uses, and what it must never know about.
"""
