"""What a school measures: measures, their benchmarks, and the dates of its benchmark windows.

Uses records, runs and rules' names. It must never know how a flag or a trend is computed.
"""
