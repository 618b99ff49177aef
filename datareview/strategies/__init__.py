"""The school's bank of strategies, and the strategies that a school can start with.

Uses records (domains, and who sees which student). It must never know how a plan is started or judged.
"""
