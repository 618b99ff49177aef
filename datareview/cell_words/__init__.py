"""What words in the cells and heads of files mean: marks of attendance, severities and consequences, numbers of items.

Uses nothing of Collab. It must never know a file or a school.
"""
