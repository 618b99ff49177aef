"""What teachers of the made-up district write: many short pieces, filled with what the data are about."""

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
STANDARDS = ["main idea", "fractions on a number line", "inference", "two-step problems", "text evidence", "place value"]
NOTICES = [
    "{n} of the {m} below were also below in fall.",
    "Everyone in the {day} group moved up at least {k} words.",
    "The gap is in speed, not in accuracy: nearly all read with 96 % or better.",
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
    "Move the group to 9:40 so that nobody misses maths.",
    "Call the five families before Friday, with good news first.",
]
QUESTIONS = ["Can we have the reading room on {day}s?", "Who covers when the aide is out?"]
DECISIONS = [
    "Repeated reading three times a week for the {n} below benchmark",
    "Re-teach {standard} in mixed groups on {day}",
    "One common exit ticket on {standard} each Friday",
    "Start maths with ten minutes of number talk in all classes",
    "Everyone below 90 % attendance gets a check-in on Mondays",
    "Use the same sentence starters for inference in all rooms",
    "Independent reading moves to the first ten minutes",
]
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
REASONS = ["The assembly took the time; the question solved itself.", "Covered by what the specialist does now.", "The student moved."]
CONCERNS = {
    "reading": ["Reads slowly and accurately; loses the thread of long sentences", "Guesses at long words from the first letters"],
    "math": ["Counts on fingers for facts to ten", "Loses place value in subtraction"],
}
STRATEGIES = [
    ("Repeated reading", "academic", "Read the same short passage three or four times, with a model first and a graph of words correct after.", "Accurate but slow readers", 3, 20, "Strong: NICHD 2000; Therrien 2004"),
    ("Phonics in small groups", "academic", "Explicit teaching of letter patterns, blending and word building with decodable text.", "Readers who guess at words", 4, 25, "Strong: WWC practice guide 2016"),
    ("Vocabulary in context", "academic", "Six words a week, met in text, used in talk and writing, and met again.", "Students whose comprehension lags behind decoding", 3, 15, "Moderate: WWC practice guide 2008"),
    ("Comprehension scaffolds", "academic", "Question cards before, during and after reading; short summaries with a partner.", "Readers who finish without a picture of the text", 3, 20, "Strong: WWC practice guide 2010"),
    ("Guided reading", "academic", "Small group at its level, one teaching point a session.", "Mixed needs", 4, 20, "Moderate"),
    ("Maths facts: cover, copy, compare", "academic", "Look at a fact, cover it, write it, check it; five minutes, with a graph.", "Slow or uncertain facts", 4, 10, "Moderate: Skinner and others"),
    ("Number line and part-whole models", "academic", "Represent before calculating; the same two models all year.", "Place value and word problems", 3, 25, "Strong: WWC practice guide 2021"),
    ("Schema instruction for word problems", "academic", "Name the kind of problem, draw it, then write the equation.", "Students who calculate and do not read", 3, 25, "Strong: WWC practice guide 2021"),
    ("Check-in, check-out", "behavior", "A greeting and goals in the morning, points by lesson, a look back in the afternoon.", "Attention-seeking behavior in several lessons", 5, 10, "Strong: PBIS; Drevon and others 2019"),
    ("Breaks are better", "behavior", "Three short breaks a day that the student asks for.", "Escape from hard work", 5, 10, "Promising"),
    ("Attendance mentor", "attendance", "One adult looks for the student each morning and calls home the same day.", "10 % or more of days missed", 5, 10, "Moderate: Check & Connect, WWC"),
    ("Family nudges", "attendance", "A note a month with days missed against classmates, and what was missed.", "Families who do not see how days add up", 1, 5, "Strong: Rogers and Feller 2018"),
    ("Social skills group", "wellbeing", "Six sessions of practice with feedback in pairs.", "Students who are often alone", 1, 30, "Moderate"),
    ("Study hour", "readiness", "Plan the week, do the work that is late, ask before leaving.", "Work handed in late in two courses or more", 2, 40, "Local"),
    ("Interest project", "engagement", "One question of the student's own, one hour a week, shown at the end.", "Bored and able", 1, 45, "Promising"),
]  # fmt: skip
