"""Protocols for looking at data or work together, and for solving problems."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from collab.protocols.library.steps import (
    ACTION,
    ALL,
    CAUSE,
    CHECKS,
    DECIDE,
    DECISION,
    DISCUSS,
    EXPLORE,
    GROUP,
    INFORM,
    NOTES,
    NOTHING,
    PLAN,
    PREDICTION,
    PRESENTER,
    REFLECT,
    RESULTS,
    ROUND,
    SHOWN_PREDICTIONS,
    SHOWN_RESULTS,
    STUDENTS,
    WRITE,
    BuiltIn,
    Step,
)

DIALOGUES = (
    BuiltIn(
        "dialogue",
        _("Data-driven dialogue"),
        _("Predict, look, and only then explain: the long form, in 50 minutes."),
        _("School Reform Initiative, after Wellman and Lipton"),
        (
            Step(
                _("Predict"),
                8,
                REFLECT,
                _("What do we predict, and what are we assuming?"),
                WRITE,
                PREDICTION,
                shows=SHOWN_PREDICTIONS,
            ),
            Step(
                _("Look"),
                7,
                EXPLORE,
                _("In silence: mark what stands out."),
                WRITE,
                NOTES,
                RESULTS,
                SHOWN_RESULTS,
            ),
            Step(
                _("Say what you see"), 12, EXPLORE, _("Facts, in turn. Stop each other at “because”."), ROUND
            ),
            Step(
                _("Explain and ask"),
                15,
                DISCUSS,
                _("What could explain it? What would we need to know?"),
                ALL,
                CAUSE,
            ),
            Step(_("What we will do"), 8, DECIDE, _("One step with an owner and a date."), ALL, DECISION),
        ),
    ),
    BuiltIn(
        "atlas",
        _("Looking at data together"),
        _("Describe before interpreting, in 43 minutes."),
        _("After the ATLAS protocol (Leary; School Reform Initiative)"),
        (
            Step(_("Start"), 3, INFORM, _("What is this, and where does it come from?"), PRESENTER, NOTHING),
            Step(
                _("Describe"),
                10,
                EXPLORE,
                _("What do you see? In turn, without judging."),
                ROUND,
                NOTES,
                RESULTS,
                SHOWN_RESULTS,
            ),
            Step(_("Interpret"), 10, DISCUSS, _("What does it suggest? Try a second reading."), ALL, CAUSE),
            Step(
                _("What follows for teaching"),
                10,
                DECIDE,
                _("What will we do in class because of it?"),
                ALL,
                DECISION,
            ),
            Step(_("Look back"), 10, REFLECT, _("What did we learn, and how well did we listen?"), ROUND),
        ),
    ),
    BuiltIn(
        "what-so-what",
        _("What, so what, now what"),
        _("The shortest way from facts to a next step, in half an hour."),
        _("After Borton’s, Driscoll’s and Rolfe’s reflective cycle"),
        (
            Step(_("What"), 10, EXPLORE, _("Facts you can point to."), ROUND, NOTES, RESULTS, SHOWN_RESULTS),
            Step(_("So what"), 10, DISCUSS, _("What do they mean for teaching?"), ALL, CAUSE),
            Step(_("Now what"), 10, DECIDE, _("One next step with an owner."), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "tuning",
        _("Tuning a piece of work"),
        _("Warm and cool feedback on a colleague’s lesson or task, in an hour."),
        _("After the tuning protocol (McDonald and Allen; School Reform Initiative)"),
        (
            Step(_("Introduce"), 5, INFORM, _("Who we are and what we will do."), ALL, NOTHING),
            Step(_("Present"), 15, INFORM, _("The work, and the question about it."), PRESENTER),
            Step(_("Clarify"), 5, DISCUSS, _("Questions of fact only."), GROUP),
            Step(_("Examine"), 10, EXPLORE, _("Quietly, pen in hand."), WRITE),
            Step(
                _("Warm and cool feedback"), 15, DISCUSS, _("The presenter listens and takes notes."), GROUP
            ),
            Step(_("Reflect"), 5, REFLECT, _("The presenter thinks aloud."), PRESENTER),
            Step(_("Debrief"), 5, REFLECT, _("How well did these steps work for us?")),
        ),
    ),
    BuiltIn(
        "consultancy",
        _("Consultancy"),
        _("A colleague’s dilemma, thought through by the group, in 48 minutes."),
        _("After the consultancy protocol (National School Reform Faculty)"),
        (
            Step(_("The dilemma"), 8, INFORM, _("What is hard, and one question about it."), PRESENTER),
            Step(_("Clarify"), 5, DISCUSS, _("Questions with short answers."), GROUP),
            Step(
                _("Probe"), 10, DISCUSS, _("Questions that widen the thinking; no advice in disguise."), GROUP
            ),
            Step(_("Discuss"), 15, DISCUSS, _("The group works on it; the presenter is silent."), GROUP),
            Step(_("What I heard"), 5, REFLECT, _("What is different now?"), PRESENTER, ACTION),
            Step(_("Debrief"), 5, REFLECT, _("How well did these steps work for us?")),
        ),
    ),
    BuiltIn(
        "success",
        _("Success analysis"),
        _("What made it work, so that others can do it too, in 48 minutes."),
        _("After the success analysis protocol (Johnson; School Reform Initiative)"),
        (
            Step(
                _("Write"), 8, REFLECT, _("A lesson that went better than usual: what was different?"), WRITE
            ),
            Step(_("Tell"), 8, INFORM, _("The story, with what you did."), PRESENTER),
            Step(_("Clarify"), 5, DISCUSS, _("Questions of fact only."), GROUP),
            Step(
                _("What made it work"),
                12,
                DISCUSS,
                _("The group looks for causes; the presenter listens."),
                GROUP,
                CAUSE,
            ),
            Step(_("Reflect"), 5, REFLECT, _("What do you recognize?"), PRESENTER),
            Step(_("Apply"), 10, PLAN, _("Who tries which part, in which lesson?"), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "tips",
        _("Problem solving by the team"),
        _("Earlier problems first, then new ones, each stated precisely, in 45 minutes."),
        _("After the team-initiated problem solving model (TIPS; Horner, Newton, Todd and others)"),
        (
            Step(
                _("Earlier problems"),
                15,
                DECIDE,
                _("Is it done? Does it work? Keep, change or stop."),
                ALL,
                ACTION,
                CHECKS,
            ),
            Step(_("Administration"), 5, INFORM, _("Only what can’t be an email."), ALL, NOTHING),
            Step(
                _("New problems, stated precisely"),
                10,
                EXPLORE,
                _("What, when, where, who, why, how often?"),
                ALL,
                NOTES,
                STUDENTS,
            ),
            Step(
                _("Solutions"),
                10,
                DECIDE,
                _("What prevents it, what is taught instead, how is it checked?"),
                ALL,
                DECISION,
            ),
            Step(_("Who does what, and rating"), 5, PLAN, _("One owner and one date for each."), ALL, ACTION),
        ),
    ),
)
