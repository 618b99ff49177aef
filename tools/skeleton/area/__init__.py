"""Things: say in a sentence what this area owns.

Say here what it uses, and what it must never know.
"""
