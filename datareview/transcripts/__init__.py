"""Transcripts: a student's course grades of terms and years that are over, also from before there was a section here.

Uses records. It must never know a file, nor count for a flag.
"""
