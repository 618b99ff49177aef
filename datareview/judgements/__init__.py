"""Judgements: each rule, asked of every student of a grade, with the figures for its sentence.

Uses flags, figures, trends and the kernel. It must never store anything, nor know who belongs to which group.
"""
