"""The kernel: frames in, named columns or frozen results out. No Django, no input or output, no clock.

Modules: `trends` (growth of a series), `pooling` (slopes that borrow strength), `goals` (lines, projections,
the chance to meet a goal), `decisions` (rules of progress monitoring), `levels` (cut scores, percentiles).
"""

METHOD_VERSION = "2026.1"
