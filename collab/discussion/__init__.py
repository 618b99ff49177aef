"""Contributions, groups, agreement and votes on an agenda item.

Uses agendas and meetings. It must never know decisions or action items.
"""
