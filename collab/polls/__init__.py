"""Ask people which time suits them.

Uses availability, planning and meetings. It must never plan without somebody's click.
"""
