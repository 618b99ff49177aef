"""Standard measures: a standard as what a plan is measured by, with a value for each check of it.

Uses records. It must never compare students or classes by such a measure, nor store a value: values
are what the answers say now.
"""
