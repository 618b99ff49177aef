"""Results of a class that come as a pasted block: what each row means, what is to settle, what saving writes.

Uses answers, assessments and records. Cells that are typed one by one belong to answers.
"""
