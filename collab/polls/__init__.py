"""Polls that ask people which time suits them.

Uses availability, planning and meetings. It must never plan a meeting without somebody's click.
"""
