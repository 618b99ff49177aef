"""The items of an assessment: keys, points and standards as they are typed or pasted, and marking again after a change.

Uses records (the rows). It must never know who makes an assessment, or how answers are entered and shown.
"""
