"""Files of answers: say of each answer in a file whether it is new, changed, the same, or has a problem.

Uses imports, answers and items. It must never write an answer, which loading does, nor know files of another kind.
"""
