"""Texts of the simulated teachers: short templates, filled in with details of the data."""

TITLES = [
    "Who stalled in fluency since {month}, and what do we change?",
    "What do the exit tickets on {standard} tell us?",
    "Is small-group time reaching the students who need it?",
    "Which vocabulary did not stick, and how do we teach it again?",
    "Are Mondays the problem, or is it something else?",
    "Who is ready for more, and what do they get?",
    "Did re-teaching {standard} work?",
    "How do we make independent reading count?",
    "What do wrong answers on {standard} have in common?",
    "Which two lessons do we plan together?",
    "Where did {month} leave us against our goal?",
    "What would help the six students in the middle?",
]
STANDARDS = [
    "main idea",
    "fractions on a number line",
    "inference",
    "two-step problems",
    "text evidence",
    "place value",
]
NOTICES = [
    "{n} of the {m} below were also below in fall.",
    "Everyone in the {day} group moved up at least {k} words.",
    "The gap is in speed, not in accuracy: nearly all read with 96% or better.",
    "{n} students left the last question blank.",
    "The two classes differ by {k} points on {standard}, and by nothing on the rest.",
    "Scores dropped for most in the week after the break.",
    "Half of the absences fall on Mondays and Fridays.",
    "The students who read at home four times a week all grew.",
    "On {standard}, the most chosen wrong answer is the same in all classes.",
    "{n} who were close in October are at benchmark now.",
]
WONDERS = [
    "Did the group practise with the passages we test with?",
    "Is this drop real, or within the error of one probe?",
    "Would it look the same without the students who came in September?",
    "How much of the block is students reading, and how much is us talking?",
    "What do the {n} who grew most have in common?",
    "Do they know the strategy and not use it, or not know it?",
]
NOTES = [
    "We teach {standard} again on {day}, with the number line first.",
    "Counselor joins the next meeting for the attendance part.",
    "Swap the warm-up for two minutes of repeated reading.",
]
IDEAS = [
    "Partner reading with a recording, twice a week.",
    "A shared anchor chart for {standard}, the same words in all rooms.",
    "Move the group to 9:40 so that nobody misses math.",
    "Call the five families before Friday, with good news first.",
]
DECISIONS = [
    "Repeated reading three times a week for the {n} below benchmark",
    "Re-teach {standard} in mixed groups on {day}",
    "One common exit ticket on {standard} each Friday",
    "Start math with ten minutes of number talk in all classes",
    "Everyone below 90% attendance gets a check-in on Mondays",
    "Use the same sentence starters for inference in all rooms",
    "Independent reading moves to the first ten minutes",
]
# Beginnings of decisions that aim at faster oral reading.
MEASURED = ("Repeated reading", "Independent reading", "Use the same sentence starters")
AGAIN = "Keep it and check again"
# What a team decides about an earlier decision → how far that was carried out, and whether it worked.
VERDICTS = {
    "Keep it until the next benchmark": ("as_meant", "worked"),
    "Keep it, twice a week instead of three times": ("partly", "worked"),
    "Stop it: too little for the time it takes": ("stopped", "did_not"),
    "Keep it in smaller groups": ("as_meant", "did_not"),
    AGAIN: ("partly", "early"),
}
ACTIONS = [
    "Pick six passages not used in testing",
    "Make the exit ticket on {standard} and share it",
    "Call the families of the {n} students on the list",
    "Bring two samples of work on {standard}",
    "Ask the office for the Monday attendance list",
    "Try the number line opener and note what happened",
    "Move the {day} group to 9:40",
    "Print the running records for the six",
    "Set up partner reading in both rooms",
    "Write the sentence starters on one page",
    "Check which students have no device at home",
    "Observe the {day} group for ten minutes",
]
REASONS = [
    "The assembly took the time; the question solved itself.",
    "Covered by what the specialist does now.",
    "The student moved.",
]
SEEN = [
    ("seen", "9:12 – six hands up, five of them at the two front tables"),
    ("heard", "“I knew it but he was faster” (table 4)"),
    ("seen", "9:15 – question asked, 2 seconds until the first answer"),
    ("seen", "9:21 – turn and talk: all eleven pairs talk"),
    ("heard", "Three pairs use “because”"),
    ("seen", "9:24 – question asked, 9 seconds; hands at every table"),
]
CAUSES = [
    ("instruction", "We read the passages once and never again."),
    ("instruction", "Our questions can be answered without the text."),
    ("curriculum", "Unit 3 comes before the standard it needs."),
    ("assessment", "Two questions asked for a word we had not taught."),
]
CHANGES = [
    ("Every passage three times, the third one aloud to a partner.", "Four of six read ten words more."),
    ("Wait five seconds after each question.", "Hands at every table, not only at the front."),
    ("Show one worked example before the exit ticket.", ""),
]
WORRIES = [
    ("behavior", "Cries before math and asks to go to the nurse"),
    ("academic", "Understands what is read aloud and hardly writes a sentence"),
]
CONCERNS = {
    "reading": [
        "Reads slowly and accurately; loses the thread of long sentences",
        "Guesses at long words from the first letters",
    ],
    "math": ["Counts on fingers for facts to ten", "Loses place value in subtraction"],
}
