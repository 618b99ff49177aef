"""Scorecards: points for what students did, learned from earlier terms, tested on others, and kept as a rule.

Uses replays (earlier terms, and what came of them), judgements (the figures of then) and rules. It must never learn from
who is in a group: groups only audit what was learned.
"""
