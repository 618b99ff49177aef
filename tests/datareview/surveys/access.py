from datareview.surveys.models import Survey, SurveyQuestion
from tests.access import Page, Post, by, now, one

RUN = by("sol cora pia")
VALUES = {
    "respondent": "student",
    "consent": "out",
    "domain": "wellbeing",
    "scoring": "none",
    "follow_up_days": 1,
}

PAGES = [
    Page("survey-new", who=by("ana tom sol cora pia zed zoe zia", rest=403)),
    Page("survey-edit", one("draft"), RUN),
    Page("survey-question-add", one("draft"), RUN),
    Page("survey-question-edit", one("survey_question"), RUN),
]


POSTS = [
    Post(
        "survey-new",
        who=by("ana sol cora pia", refused="tom zed zoe zia", rest=403),
        data=lambda side: {**VALUES, "title": "Own", "instrument": "own", "section": side.section.uuid},
        effect=lambda side: Survey.objects.filter(school=side.school, title="Own").count(),
        becomes=1,
    ),
    Post(
        "survey-edit",
        one("draft"),
        RUN,
        data=lambda side: {**VALUES, "title": "Renamed", "seen": 0, "section": side.section.uuid},
        effect=now("draft", "title"),
        becomes="Renamed",
    ),
    Post(
        "survey-question-add",
        one("draft"),
        RUN,
        data=lambda side: {"text": "Sleep?\nFriends?", "labels": "No\nYes"},
        effect=lambda side: list(side.draft.questions.values_list("text", flat=True)),
        becomes=["Good day?", "Sleep?", "Friends?"],
    ),
    Post(
        "survey-question-edit",
        one("survey_question"),
        RUN,
        data=lambda side: {"text": "Sleep?", "labels": "No\nYes", "seen": 0},
        effect=now("survey_question", "text"),
        becomes="Sleep?",
    ),
    Post(
        "survey-question-remove",
        one("survey_question"),
        RUN,
        effect=lambda side: SurveyQuestion.objects.filter(survey=side.draft).count(),
        becomes=0,
    ),
    Post(
        "survey-open",
        one("draft"),
        RUN,
        given=lambda side: Survey.objects.filter(pk=side.draft.pk).update(scoring="none"),
        effect=lambda side: side.draft.asked.filter(student=side.maya).count(),
        becomes=1,
    ),
    Post(
        "survey-close",
        one("check_in"),
        RUN,
        effect=lambda side: Survey.objects.get(pk=side.check_in.pk).state,
        becomes="closed",
    ),
    Post(
        "survey-again",
        one("check_in"),
        RUN,
        effect=lambda side: Survey.objects.filter(again_of=side.check_in).count(),
        becomes=1,
    ),
    Post("survey-remove", one("draft"), RUN, effect=now("draft", "title"), becomes=None),
]
