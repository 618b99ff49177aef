"""Contributions, groups, agreement and votes on an agenda item.

Uses agendas and meetings. It must never know about decisions or action items.
"""
