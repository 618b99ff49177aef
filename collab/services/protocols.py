"""The built-in protocols: structure and minutes of well-known ones, in our own words, with their origin."""

from __future__ import annotations

from django.db import transaction

from collab.models import Protocol, ProtocolStep

INFORM, EXPLORE, DISCUSS, DECIDE, PLAN, REFLECT = "inform", "explore", "discuss", "decide", "plan", "reflect"

Step = tuple[str, int, str, str]

BUILT_IN: dict[str, tuple[str, str, str, list[Step]]] = {
    "weekly": (
        "Weekly team meeting",
        "The four questions of a learning team, in 45 minutes.",
        "After DuFour and others, Learning by Doing",
        [
            ("Norms and check-in", 2, INFORM, "One norm, one word each."),
            ("What we promised", 5, INFORM, "Done, not done, what got in the way. No stories."),
            (
                "What should students learn next",
                8,
                DISCUSS,
                "Name the standard and what it looks like when it is there.",
            ),
            ("How do we know: results", 12, EXPLORE, "Facts only. No “because” yet."),
            ("Who is not there yet, and what we do", 8, DECIDE, "One change in teaching for each group."),
            ("Who is there already", 4, DISCUSS, "What they do while others catch up."),
            ("Who does what differently, by when", 4, PLAN, "One owner and one day for each."),
            ("Next agenda and rating", 2, REFLECT, "Was this a good use of our time?"),
        ],
    ),
    "assessment": (
        "Common assessment analysis",
        "From the results of one assessment to groups and re-teaching, in 50 minutes.",
        "After the data-driven dialogue of Wellman and Lipton",
        [
            ("Predict", 4, REFLECT, "Write down what you expect before you look."),
            ("Get oriented", 3, INFORM, "What was asked, of whom, when?"),
            ("Observe", 8, EXPLORE, "Only what can be pointed at."),
            ("Items and standards missed", 10, EXPLORE, "Which, by how many, with what wrong answer?"),
            ("Why: at least one cause in instruction", 8, DISCUSS, "What did we teach, and how?"),
            ("Who taught it well, and how", 6, DISCUSS, "Ask, do not rank."),
            ("Groups and re-teaching", 8, DECIDE, "Who needs what, from whom, by when."),
            ("Actions and rating", 3, PLAN, "One owner and one day for each."),
        ],
    ),
    "support": (
        "Team data and support",
        "Plans due for a decision first, then new candidates, in an hour a month.",
        "After the team-initiated problem solving model (TIPS)",
        [
            ("Agree the list", 3, INFORM, "What must be decided today?"),
            ("Plans with a review due", 40, DECIDE, "Delivery first, then the line. Five minutes each."),
            ("New candidates", 10, DISCUSS, "Plan, watch or no action."),
            ("A pattern in the system", 5, DISCUSS, "What do several of them have in common?"),
            ("Tasks", 2, PLAN, "One owner and one day for each."),
        ],
    ),
    "student": (
        "One student",
        "Strengths, concern, hypotheses and a plan, in 45 minutes.",
        "After the student support team's problem-solving meeting",
        [
            ("Strengths", 3, INFORM, "What can be built on?"),
            ("Concern and data", 8, EXPLORE, "What, when, where, how often?"),
            ("Hypotheses", 8, DISCUSS, "What could explain it, and how would we know?"),
            ("Plan", 15, DECIDE, "Strategy, who, how often, goal and date."),
            ("Delivery and monitoring", 5, PLAN, "Who looks at what, when?"),
            ("The family", 4, PLAN, "Who calls, in which language?"),
            ("Owner and review date", 2, PLAN, "One name, one day."),
        ],
    ),
    "what-so-what": (
        "What, so what, now what",
        "The shortest way from facts to a next step, in half an hour.",
        "After Driscoll's and Rolfe's reflective cycle",
        [
            ("What", 10, EXPLORE, "Facts. Point at them."),
            ("So what", 10, DISCUSS, "What do they mean for teaching?"),
            ("Now what", 10, DECIDE, "One next step with an owner."),
        ],
    ),
    "tuning": (
        "Tuning a piece of work",
        "Warm and cool feedback on a colleague's lesson or task.",
        "After the tuning protocol of the School Reform Initiative",
        [
            ("Introduce", 5, INFORM, "Who we are and what we will do."),
            ("Present", 15, INFORM, "The work and the question."),
            ("Clarify", 5, DISCUSS, "Questions of fact only."),
            ("Examine", 10, EXPLORE, "Quietly, pen in hand."),
            ("Warm and cool feedback", 15, DISCUSS, "The presenter listens."),
            ("Reflect", 5, REFLECT, "The presenter thinks aloud."),
            ("Debrief", 5, REFLECT, "How did the protocol serve us?"),
        ],
    ),
}


@transaction.atomic
def ensure_built_in_protocols() -> list[Protocol]:
    """Make the built-in protocols, or bring them to what this version says; running again changes nothing."""
    made = []
    for key, (name, purpose, source, steps) in BUILT_IN.items():
        protocol, _new = Protocol.objects.update_or_create(
            key=key, team=None, defaults={"name": name, "purpose": purpose, "source": source}
        )
        for position, (title, minutes, kind, prompt) in enumerate(steps, start=1):
            ProtocolStep.objects.update_or_create(
                protocol=protocol,
                position=position,
                defaults={"title": title, "minutes": minutes, "kind": kind, "prompt": prompt},
            )
        made.append(protocol)
    return made
