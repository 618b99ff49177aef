"""What came of the work: a page for each question about plans, flags, requests and seats, and one that opens them all.

It owns the questions and the words of their answers. It uses plans, their delivery, strategies, candidates, requests,
the audit of flags and the kernel. It must never rank people, and it names no student.
"""
