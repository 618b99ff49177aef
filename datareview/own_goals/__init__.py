"""Goals that students set themselves, in their own words, and what came of them.

Uses records. It must never turn a student's goal into a measure of anyone, nor count goals by teacher.
"""
