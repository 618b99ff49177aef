"""Recipes of files that makers of assessments write. `docs/files.md` says where their columns are published."""

from __future__ import annotations

from datareview.recognition.kinds import FileKind
from datareview.recognition.recipes import Recipe

_MONTHS = "January February March April May June July August September October November December"
SEASONS = ("Fall", "Winter", "Spring", "Screening Period 4", "Screening Period 5")
# Of each test of FastBridge: the name of its column, that of its score in it, and the measure.
FASTBRIDGE = (
    ("Early Reading English", "Composite Score", "earlyReading"),
    ("Early Math", "Composite Score", "earlyMath"),
    ("aReading", "Test Theta", "aReading"),
    ("aMath", "Test Theta", "aMath"),
    ("CBMR-English", "Median WRC", "CBMreading"),
    ("CBMR-English", "WRC per minute", "CBMreading"),
    ("Letter Names", "WRC per minute", "Letter Names"),
    ("Letter Sounds", "WRC per minute", "Letter Sounds"),
    ("Nonsense Words", "WRC per minute", "Nonsense Words"),
    ("Decodable Words", "WRC per minute", "Decodable Words"),
    ("Sight Words", "WRC per minute", "Sight Words"),
    ("Sentence Reading", "WRC per minute", "Sentence Reading"),
    ("Onset Sounds", "Items Correct", "Onset Sounds"),
    ("Word Segmenting", "Items Correct", "Word Segmenting"),
)
DOMAINS = ("Listening", "Reading", "Speaking", "Writing", "Comprehension", "Literacy", "Oral", "Overall")
DIBELS_NEXT = (
    "Composite Score",
    "FSF",
    "LNF",
    "PSF",
    "NWF (CLS)",
    "NWF (WWR)",
    "DORF (Fluency)",
    "DORF (Retell)",
    "Daze",
)
LEVELS = {chr(ord("A") + place): str(place + 1) for place in range(26)}  # of texts, from A to Z


def _star(subject: str, sign: str) -> Recipe:
    """Renaissance's export of Star tests: each subject has a column of its own."""
    return Recipe(
        f"Star {subject}",
        FileKind.SCORES,
        ("StudentRenaissanceID", "CompletedDateLocal", "ScaledScore", "GradePlacement", sign),
        {
            "student": ("StudentIdentifier", "StudentLocalID", "StudentStateID"),
            "day": "CompletedDateLocal",
            "value": "ScaledScore",
        },
        options={"measure_name": f"Star {subject}"},
        told_by=("AssessmentType", "TestType", "AssessmentName"),
    )


def _iready(subject: str, sign: str) -> Recipe:
    """Curriculum Associates' export of diagnostics without a subject: each subject has a column of its own."""
    return Recipe(
        f"i-Ready {subject}",
        FileKind.SCORES,
        ("Student ID", "Completion Date", "Overall Scale Score", "Overall Relative Placement", sign),
        {"student": "Student ID", "day": "Completion Date", "value": "Overall Scale Score"},
        options={"measure_name": f"i-Ready {subject}"},
    )


def _iready_year(subject: str, sign: str) -> Recipe:
    """Its export of a year: each of up to five diagnostics has columns of its own, which end with its number."""
    numbers = ("1", "2", "3", "4", "5")
    return Recipe(
        f"i-Ready {subject}, diagnostics of a year",
        FileKind.SCORES,
        (
            "Student ID",
            "Diagnostic Completion Date (1)",
            "Diagnostic Overall Scale Score (1)",
            f"Diagnostic {sign} (1)",
        ),
        {"student": "Student ID"},
        measures={f"Diagnostic Overall Scale Score ({n})": f"i-Ready {subject}" for n in numbers},
        days={f"Diagnostic Overall Scale Score ({n})": f"Diagnostic Completion Date ({n})" for n in numbers},
    )


MAKERS = (
    _star("Reading", "InstructionalReadingLevel"),
    _star("Math", "Quantile"),
    _star("Early Literacy", "LiteracyClassification"),
    Recipe(
        "i-Ready",
        FileKind.SCORES,
        ("Student ID", "Subject", "Completion Date", "Overall Scale Score", "Overall Relative Placement"),
        {
            "student": "Student ID",
            "day": "Completion Date",
            "value": "Overall Scale Score",
            "measure": "Subject",
        },
        options={"measure_name": "i-Ready"},
    ),
    _iready("Reading", "Lexile Measure"),
    _iready("Math", "Quantile Measure"),
    _iready_year("Reading", "Lexile Measure"),
    _iready_year("Math", "Quantile Measure"),
    Recipe(
        "MAP Growth",
        FileKind.SCORES,
        ("TermName", "TestRITScore", "TestStartDate", "StudentID"),
        {
            "student": "StudentID",
            "day": "TestStartDate",
            "value": "TestRITScore",
            "measure": ("Subject", "Discipline"),
        },
        options={"measure_name": "MAP Growth"},
    ),
    Recipe(
        "mCLASS with DIBELS 8",
        FileKind.SCORES,
        ("Benchmark Period", "Composite Score", "Student Primary ID", "Client Date"),
        {"student": ("Student Primary ID", "Student ID (District ID or School ID)"), "day": "Client Date"},
        measures={
            "Composite Score": "DIBELS 8 composite",
            "Letter Names (LNF) - Score": "DIBELS 8 LNF",
            "Phonemic Awareness (PSF) - Score": "DIBELS 8 PSF",
            "Letter Sounds (NWF-CLS) - Score": "DIBELS 8 NWF-CLS",
            "Decoding (NWF-WRC) - Score": "DIBELS 8 NWF-WRC",
            "Word Reading (WRF) - Score": "DIBELS 8 WRF",
            "Reading Accuracy (ORF-Accu) - Score": "DIBELS 8 ORF accuracy",
            "Reading Fluency (ORF) - Score": "DIBELS 8 ORF",
            "Reading Comprehension (Maze) - Score": "DIBELS 8 Maze",
        },
    ),
    Recipe(
        "mCLASS composite",
        FileKind.SCORES,
        ("Benchmark Period", "Composite Score", "Date Tested", "Student Local ID"),
        {"student": "Student Local ID", "day": "Date Tested", "value": "Composite Score"},
        options={"measure_name": "DIBELS 8 composite"},
    ),
    Recipe(
        "Smarter Balanced (CERS)",
        FileKind.SCORES,
        ("StudentIdentifier", "SubmitDateTime", "ScaleScore", "AssessmentName"),
        {
            "student": "StudentIdentifier",
            "day": "SubmitDateTime",
            "value": "ScaleScore",
            "measure": "AssessmentName",
        },
    ),
    Recipe(
        "BASC-3 BESS",
        FileKind.SCORES,
        ("BERI", "BERI Raw Score", "BERI Risk", "Student Number", "Submitted"),
        {"student": "Student Number", "day": "Submitted", "value": "BERI", "measure": "Form"},
        options={"measure_name": "BERI", "domain": "behavior", "higher_is_better": False},
    ),
    Recipe(
        "FastBridge",
        FileKind.SCORES,
        ("Assessment", "Local ID", "FAST ID"),
        {"student": ("Local ID", "State ID")},
        measures={
            f"{season} {test} {score}": f"FastBridge {name}"
            for season in SEASONS
            for test, score, name in FASTBRIDGE
        },
        days={
            f"{season} {test} {score}": f"{season} {test} Final Date"
            for season in SEASONS
            for test, score, _name in FASTBRIDGE
        },
    ),
    Recipe(
        "aimswebPlus",
        FileKind.SCORES,
        ("Studentuid", "MeasureName", "Score", "AdministrationDate"),
        {
            "student": ("Studentuid", "SSID"),
            "day": "AdministrationDate",
            "value": "Score",
            "measure": "MeasureName",
        },
        options={"measure_name": "aimswebPlus"},
    ),
    Recipe(
        "Istation",
        FileKind.SCORES,
        ("STUDENT_ID", "ISIP_ACCOM", "DOMAIN_AT_TAKE"),
        {"student": "STUDENT_ID"},
        measures={f"{month}_SCORE": "Istation ISIP" for month in _MONTHS.split()},
        days={f"{month}_SCORE": f"{month}_ADMIN_DATE" for month in _MONTHS.split()},
    ),
    Recipe(
        "Acadience Reading",
        FileKind.SCORES,
        ("Student SIS ID", "Benchmark Period", "School NCES ID"),
        {"student": ("Student SIS ID", "Student Number", "Student State ID")},
        measures={
            "Composite Score": "Acadience composite",
            "Maze Total Adjusted Score": "Acadience Maze",
            "SR Total Score": "Acadience silent reading",
            "OR WC Total Score": "Acadience words correct",
            "OR Accuracy Total Score": "Acadience accuracy",
        },
        days={
            "Composite Score": "Composite Date",
            "Maze Total Adjusted Score": "Maze Date",
            "SR Total Score": "SR Date",
            "OR WC Total Score": "OR Date",
            "OR Accuracy Total Score": "OR Date",
        },
    ),
    Recipe(
        "mCLASS with DIBELS Next",
        FileKind.SCORES,
        ("Assessment Edition", "Benchmark Period", "Student Primary ID", "Client Date"),
        {
            "student": ("Student Primary ID", "Student ID (District ID)", "Student ID (State ID)"),
            "day": "Client Date",
        },
        measures={
            f"Assessment Measure-{name}-Score": f"DIBELS Next {name.replace('Composite Score', 'composite')}"
            for name in DIBELS_NEXT
        },
    ),
    Recipe(
        "Fountas & Pinnell",
        FileKind.SCORES,
        ("StudentID", "DateTaken", "TextReading", "TextReadingAccuracy"),
        {"student": "StudentID", "day": "DateTaken", "value": "TextReading"},
        codes={"value": LEVELS},
        options={"measure_name": "F&P text level", "scale_min": 1, "scale_max": 26},
    ),
    Recipe(
        "ACCESS for ELLs",
        FileKind.SCORES,
        ("State Student ID", "Test Completion Date", "Scale Score - Overall", "Proficiency Level - Overall"),
        {"student": ("District Student ID", "State Student ID"), "day": "Test Completion Date"},
        measures={
            **{f"Scale Score - {domain}": f"ACCESS {domain.lower()}" for domain in DOMAINS},
            "Proficiency Level - Overall": "ACCESS overall level",
        },
    ),
    Recipe(
        "Wisconsin Forward",
        FileKind.SCORES,
        ("WISEID", "Local_Student_ID", "Test_End_Date_ELA"),
        {"student": ("Local_Student_ID", "WISEID")},
        measures={
            "Scale_Score_ELA": "Forward ELA",
            "Scale_Score_MTH": "Forward Math",
            "Scale_Score_SCN": "Forward Science",
            "Scale_Score_SS": "Forward Social Studies",
        },
        days={f"Scale_Score_{test}": f"Test_End_Date_{test}" for test in ("ELA", "MTH", "SCN", "SS")},
    ),
)
