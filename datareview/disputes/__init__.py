"""Disputed values: someone says that a score, a mark or an incident is wrong; its owner corrects it or says why it is right.

Uses records, candidates and the audit log. It must never change a value itself.
"""
