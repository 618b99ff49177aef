"""Students, sections, measures, scores, attendance and incidents; who may see which student.

Uses the directory of teams. It must never know what is computed from it.
"""
