from tests.access import STAFF, Elsewhere, Page, Post, by, now, one

SEES_MAYA = by("ana tom sol cora pia ada")
RUN = by("sol cora pia")
WITHOUT_ACCOUNT = "is for people without an account; tests/datareview/survey_answers/test_answers.py"

ELSEWHERE = [
    Elsewhere("survey-code", WITHOUT_ACCOUNT),
    Elsewhere("survey-answer", WITHOUT_ACCOUNT),
    Elsewhere("survey-decline", WITHOUT_ACCOUNT),
]

PAGES = [
    Page("survey-list", who=by(STAFF)),
    Page("survey-detail", one("survey"), SEES_MAYA),
    Page("survey-students", one("survey"), SEES_MAYA),
    Page("survey-slips", one("check_in"), SEES_MAYA),
    Page("survey-fill", one("survey", "maya"), SEES_MAYA),
    Page("survey-consents", one("check_in"), RUN),
    Page("survey-answer-read", one("survey_answer"), RUN),
]

POSTS = [
    Post(
        "survey-fill",
        one("survey", "maya"),
        SEES_MAYA,
        data=lambda side: {"q1": "1", "seen": 0},
        effect=lambda side: list(side.survey.answers.values_list("student", "answers")),
        becomes=lambda side: [(side.maya.pk, {"1": 1})],
    ),
    Post(
        "survey-consents",
        one("check_in"),
        RUN,
        data=lambda side: {f"said-{side.maya.uuid}": "no"},
        effect=lambda side: (
            list(side.check_in.consents.values_list("student", "is_given")),
            side.check_in.answers.count(),
        ),
        becomes=lambda side: ([(side.maya.pk, False)], 0),
        tolerates="keys",
    ),
    Post(
        "survey-talk-done",
        one("talk"),
        RUN,
        data=lambda side: {"note": "We talked"},
        effect=now("talk", "note"),
        becomes="We talked",
    ),
    Post(
        "survey-talk-again",
        one("talk"),
        RUN,
        given=lambda side: (
            type(side.talk).objects.filter(pk=side.talk.pk).update(done_at="2026-01-01T00:00Z")
        ),
        effect=now("talk", "done_at"),
        becomes=None,
    ),
]
