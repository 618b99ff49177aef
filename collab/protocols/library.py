"""Built-in protocols: the structure and durations of well-known ones, in our own words.

Each names its origin. Texts are marked for translation here, and translated when they are displayed or copied
to an agenda.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

INFORM, EXPLORE, DISCUSS, DECIDE, PLAN, REFLECT = "inform", "explore", "discuss", "decide", "plan", "reflect"
ALL, ROUND, WRITE, PRESENTER, GROUP = "all", "round", "write", "presenter", "group"
NOTHING, NOTES, PREDICTION, CAUSE, DECISION, ACTION = (
    "nothing",
    "notes",
    "prediction",
    "cause",
    "decision",
    "action",
)
CHECKS, REVIEWS, STUDENTS, RESULTS = "checks", "reviews", "students", "results"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: title, duration, kind, prompt, speaker, capture, and the queue entries it reserves time for."""

    title: str
    minutes: int
    kind: str
    prompt: str
    speaker: str = ALL
    capture: str = NOTES
    reserved_for: str = ""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A built-in protocol with its purpose and origin."""

    key: str
    name: str
    purpose: str
    source: str
    steps: tuple[Step, ...]


BUILT_IN = (
    BuiltIn(
        "weekly",
        _("Weekly team meeting"),
        _("The four questions of a learning team, in 45 minutes."),
        _("After DuFour and others, Learning by Doing"),
        (
            Step(
                _("Norms and check-in"), 2, INFORM, _("One norm, one word from each person."), ROUND, NOTHING
            ),
            Step(
                _("Our action items"),
                5,
                INFORM,
                _("Done, not done, what got in the way. Keep it short."),
                ROUND,
                ACTION,
                CHECKS,
            ),
            Step(
                _("What students should learn next"),
                8,
                DISCUSS,
                _("Name the standard and what mastery looks like."),
            ),
            Step(
                _("How we know: results"),
                12,
                EXPLORE,
                _("Facts only. No “because” yet."),
                ALL,
                NOTES,
                RESULTS,
            ),
            Step(
                _("Who is not there yet, and what we do"),
                8,
                DECIDE,
                _("One teaching change for each group."),
                ALL,
                CAUSE,
                STUDENTS,
            ),
            Step(_("Who is there already"), 4, DISCUSS, _("What they do while others catch up.")),
            Step(
                _("Who does what differently, by when"),
                4,
                PLAN,
                _("One owner and one date for each."),
                ALL,
                ACTION,
            ),
            Step(
                _("Next agenda and feedback"), 2, REFLECT, _("Was this a good use of our time?"), ALL, NOTHING
            ),
        ),
    ),
    BuiltIn(
        "assessment",
        _("Common assessment analysis"),
        _("From the results of one assessment to groups and re-teaching, in 50 minutes."),
        _("After the data-driven dialogue of Wellman and Lipton"),
        (
            Step(
                _("Predict"), 4, REFLECT, _("Write down what you expect before you look."), WRITE, PREDICTION
            ),
            Step(_("Get oriented"), 3, INFORM, _("What was asked, of whom, when?"), ALL, NOTHING),
            Step(_("Observe"), 8, EXPLORE, _("Only what you can point to."), ROUND, NOTES, RESULTS),
            Step(
                _("Items and standards missed"), 10, EXPLORE, _("Which, by how many, with what wrong answer?")
            ),
            Step(
                _("Why: at least one cause in instruction"),
                8,
                DISCUSS,
                _("What did we teach, and how?"),
                ALL,
                CAUSE,
            ),
            Step(_("Who taught it well, and how"), 6, DISCUSS, _("Ask, don’t rank.")),
            Step(
                _("Groups and re-teaching"),
                8,
                DECIDE,
                _("Who needs what, from whom, by when."),
                ALL,
                DECISION,
            ),
            Step(_("Action items and feedback"), 3, PLAN, _("One owner and one date for each."), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "support",
        _("Team data and support"),
        _("Plans due for a decision first, then new candidates, in an hour a month."),
        _("After the team-initiated problem solving model (TIPS)"),
        (
            Step(_("Agree on the list"), 3, INFORM, _("What must be decided today?"), ALL, NOTHING, CHECKS),
            Step(
                _("Plans due for review"),
                40,
                DECIDE,
                _("Delivery first, then the trend. Five minutes each."),
                ALL,
                DECISION,
                REVIEWS,
            ),
            Step(_("New candidates"), 10, DISCUSS, _("Plan, watch or no action."), ALL, DECISION, STUDENTS),
            Step(
                _("A pattern in the system"),
                5,
                DISCUSS,
                _("What do several of them have in common?"),
                ALL,
                CAUSE,
            ),
            Step(_("Action items"), 2, PLAN, _("One owner and one date for each."), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "student",
        _("One student"),
        _("Strengths, concern, hypotheses and a plan, in 45 minutes."),
        _("After the student support team’s problem-solving meeting"),
        (
            Step(_("Strengths"), 3, INFORM, _("What can be built on?"), ROUND),
            Step(_("Concern and data"), 8, EXPLORE, _("What, when, where, how often?"), ALL, NOTES, STUDENTS),
            Step(_("Hypotheses"), 8, DISCUSS, _("What could explain it, and how would we know?"), ALL, CAUSE),
            Step(_("Plan"), 15, DECIDE, _("Strategy, who, how often, goal and date."), ALL, DECISION),
            Step(_("Delivery and monitoring"), 5, PLAN, _("Who looks at what, when?"), ALL, ACTION),
            Step(_("The family"), 4, PLAN, _("Who calls, in which language?"), ALL, ACTION),
            Step(_("Owner and review date"), 2, PLAN, _("One name, one day."), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "health-check",
        _("Leadership health check"),
        _("How the whole school is doing, three times a year, in an hour."),
        _("After the health checks of tiered support systems (MTSS)"),
        (
            Step(
                _("Last time’s decisions"),
                5,
                INFORM,
                _("What did we decide, and did it work?"),
                ALL,
                NOTES,
                CHECKS,
            ),
            Step(
                _("Levels by grade"),
                12,
                EXPLORE,
                _("Where are most students on track, and where not?"),
                ALL,
                NOTES,
                RESULTS,
            ),
            Step(
                _("Movement between tiers"),
                10,
                EXPLORE,
                _("Who moved up, who moved down, who stayed too long?"),
            ),
            Step(
                _("Who is referred, and who is not"),
                8,
                DISCUSS,
                _("Is any group referred too often, or too rarely?"),
            ),
            Step(
                _("Who is in each tier"),
                6,
                EXPLORE,
                _("How many in each, from which groups, for how long?"),
            ),
            Step(
                _("How interventions are doing"),
                9,
                DISCUSS,
                _("Delivered as planned? Working when delivered?"),
            ),
            Step(
                _("What we change in the system"),
                8,
                DECIDE,
                _("One change, one owner, one date."),
                ALL,
                DECISION,
            ),
            Step(_("Who informs the teams"), 2, PLAN, _("Who says what to whom, by when."), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "planning",
        _("Planning workshop"),
        _("From essential standards to lessons and a common assessment, in 90 minutes."),
        _("After the backward design of Wiggins and McTighe"),
        (
            Step(_("Essential standards"), 15, DISCUSS, _("Which few must every student leave with?")),
            Step(_("Evidence"), 15, DISCUSS, _("What would show that a student has it?")),
            Step(
                _("Common assessment"),
                25,
                PLAN,
                _("A few items for each standard, the key, the points."),
                ALL,
                DECISION,
            ),
            Step(
                _("Lessons and strategies"),
                25,
                PLAN,
                _("How do we teach it, and who tries what?"),
                ALL,
                CAUSE,
            ),
            Step(_("Who does what"), 10, PLAN, _("One owner and one date for each."), ALL, ACTION),
        ),
    ),
    BuiltIn(
        "observation",
        _("Peer observation"),
        _("From a focus question to a next step, with one teacher observing another, in 50 minutes."),
        _("After common peer-observation cycles"),
        (
            Step(_("Focus question"), 5, INFORM, _("What did the host want to know?"), PRESENTER),
            Step(
                _("Observe: what is seen and heard"),
                25,
                EXPLORE,
                _("No judgment: what could a camera record?"),
                WRITE,
            ),
            Step(_("Debrief"), 15, DISCUSS, _("The host speaks first."), PRESENTER),
            Step(_("Next step"), 5, PLAN, _("One thing to try, and a check date."), ALL, CAUSE),
        ),
    ),
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
            ),
            Step(_("Look"), 7, EXPLORE, _("In silence: mark what stands out."), WRITE, NOTES, RESULTS),
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
            Step(_("What"), 10, EXPLORE, _("Facts you can point to."), ROUND, NOTES, RESULTS),
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
