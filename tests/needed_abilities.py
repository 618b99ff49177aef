"""Which ability each page and each form needs, whether directly or by what it is about.

`tests.test_walk` compares these tables with the roles of those who may. So that no new address is missing from them,
the walk watches which abilities everybody is asked for who opens a page or sends a form.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from teams.access import permissions
from tests.access import COLLEAGUES, DOES, Page, Post

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from teams.directory.models import User

# Ability → what nobody does without it, also by POST; every entry here is also done by somebody with it.
NEEDED_FOR = {
    "see_all_students": """datareview:group-list datareview:group-detail datareview:leaver-list datareview:section-list
        datareview:unplaced-list""",
    "see_disclosures": "datareview:disclosure-list",
    "triage": """datareview:candidate-decide datareview:candidates-decide datareview:candidate-options
        datareview:candidate-reopen datareview:candidates-reopen datareview:desk-decide datareview:desk-undo
        datareview:case-lead-edit""",
    "start_plan": """datareview:plan-start datareview:plan-group-start datareview:seat-grid datareview:plan-group-join
        datareview:plan-group-change""",
    "deliver_plan": "datareview:session-log datareview:score-enter",
    "review_plan": "datareview:plan-review",
    "run_trends": "datareview:run-start datareview:run-list datareview:run-detail datareview:rule-list",
    "edit_measures": """datareview:measure-new datareview:measure-adopt datareview:measure-edit datareview:measure-retire
        datareview:measures-change
        datareview:benchmark-edit datareview:benchmark-download datareview:window-edit datareview:window-fit""",
    "edit_rules": """datareview:rules-change datareview:rule-edit datareview:rule-adopt datareview:rule-undo
        datareview:rule-new datareview:rule-replay datareview:new-rule-replay datareview:scorecard-new
        datareview:verdict-cuts datareview:case-rules""",
    "run_surveys": """datareview:survey-edit datareview:survey-question-add datareview:survey-question-edit
        datareview:survey-question-remove datareview:survey-open datareview:survey-close datareview:survey-again
        datareview:survey-remove datareview:survey-consents""",
    "join_teams": "collab:observation-new collab:poll-new",
    "import_data": """datareview:import-list datareview:import-set datareview:import-template datareview:import-detail
        datareview:import-problems datareview:import-check datareview:import-apply datareview:import-undo
        datareview:import-discard datareview:import-reading datareview:import-staff datareview:class-list-load
        datareview:class-list-template
        datareview:recipe-list datareview:recipe-edit datareview:recipe-forget datareview:inbox-show datareview:inbox-watch
        datareview:token-make datareview:token-revoke datareview:freshness-edit""",
    "edit_students": """datareview:merge-list datareview:student-merge datareview:merge-undo
        datareview:student-add datareview:student-edit datareview:student-leave
        datareview:student-stay datareview:student-return datareview:guardian-add datareview:guardian-edit
        datareview:membership-add datareview:membership-end datareview:group-add datareview:group-edit datareview:section-add
        datareview:guardians-change datareview:group-members-change
        datareview:sections-change datareview:unplaced-enroll
        datareview:section-edit datareview:section-end datareview:section-roll datareview:section-enroll
        datareview:teacher-add datareview:teacher-end datareview:enrollment-end
        datareview:different-mark datareview:different-undo
        datareview:photo-list datareview:photo-edit datareview:photo-remove datareview:photo-switch""",
    "edit_calendar": """teams:year-add teams:year-suggest teams:year-change teams:term-add teams:term-remove
        teams:holiday-add
        teams:holiday-remove teams:cycle-set teams:period-add teams:period-change teams:day-copy teams:duty-set
        teams:timetable-load teams:timetable-file teams:timetable-apply teams:timetable-undo
        teams:timetable-template teams:term-change""",
    "schedule_teams": "collab:schedule-list collab:schedule-detail",
    "see_school": """collab:overview-show collab:decision-teams datareview:gap-show datareview:gap-download
        datareview:gap-release datareview:flag-release""",
    "answer_questions": "collab:question-answer",
    "edit_school": "collab:setup-show collab:usual-adopt teams:school-edit",
    "edit_sign_in": "teams:sign-in-edit",
    "edit_people": """teams:person-list teams:person-export teams:people-paste teams:role-list teams:person-detail
        teams:role-change teams:person-return teams:person-invite teams:invitation-withdraw teams:people-change
        teams:work-handover teams:staff-file-load teams:staff-file-template teams:staff-file teams:staff-file-apply
        teams:staff-file-undo teams:role-plan teams:role-plan-cancel
        teams:invitation-links teams:person-add teams:person-edit teams:person-leave teams:substitute-name
        teams:substitution-end""",
    "record_incidents": "datareview:incident-add",
    "edit_strategies": """datareview:strategy-add datareview:strategy-edit datareview:strategy-copy
        datareview:strategy-retire datareview:strategies-adopt datareview:strategies-change""",
    "edit_skills": "datareview:skill-list datareview:skill-edit datareview:skill-retire",
    "edit_standards": """datareview:standard-add datareview:standard-edit datareview:standard-retire
        datareview:framework-list datareview:framework-apply datareview:framework-discard datareview:framework-undo""",
    "edit_teams": """collab:team-add collab:teams-paste collab:teams-copy collab:team-rules collab:team-archive
        collab:team-restore collab:teams-change""",
    "see_jobs": """teams:job-list teams:job-detail teams:mail-list teams:mail-retry
        teams:mail-test teams:server-show""",
}
# Ability → what nobody does without it, and not with it alone.
ALSO_NEEDED_FOR = {
    "run_trends": """datareview:benchmark-edit datareview:benchmark-download
        datareview:measure-adopt datareview:measure-edit datareview:measure-list
        datareview:rule-adopt datareview:rule-edit datareview:rule-new datareview:rule-undo datareview:rules-change
        datareview:scorecard-new
        datareview:window-edit
        datareview:window-fit datareview:window-list""",
    "schedule_teams": "collab:schedule-accept",
    "edit_strategies": "collab:usual-adopt",
    "edit_people": "datareview:class-list-load datareview:import-staff",
    "edit_teams": "datareview:class-list-load",
}
# Ability → what everybody with it may do, whatever else they are.
ENOUGH_FOR = {
    **{
        ability: NEEDED_FOR[ability]
        for ability in (
            *(
                "triage",
                "start_plan",
                "run_trends",
                "edit_measures",
                "edit_rules",
                "import_data",
                "run_surveys",
            ),
            "edit_students",
        )
    },
    **{
        ability: NEEDED_FOR[ability]
        for ability in (
            "see_disclosures",
            "edit_calendar",
            "schedule_teams",
            "answer_questions",
            "edit_school",
            "edit_sign_in",
            "edit_people",
            "edit_strategies",
            "edit_standards",
            "edit_skills",
            "edit_teams",
            "see_jobs",
        )
    },
    "see_all_students": """datareview:leaver-list datareview:student-matters datareview:group-list datareview:group-detail
        datareview:section-list datareview:section-detail datareview:unplaced-list
        datareview:student-detail datareview:plan-detail datareview:candidate-detail""",
    "see_school": "collab:overview-show collab:team-detail collab:ledger-show collab:series-detail",
    "edit_incidents": "datareview:incident-edit",
    "lead_all_teams": "collab:meeting-plan collab:meeting-move collab:meeting-start collab:minutes-approve collab:norms-set",
}


@contextmanager
def watched_abilities() -> Iterator[set[str]]:
    """The abilities that `require_ability` asks for inside, in a set that fills meanwhile."""
    asked: set[str] = set()
    can = permissions.can

    def watched(user: User, ability: str, school: Any) -> bool:
        if sys._getframe(1).f_code.co_name == "require_ability":
            asked.add(ability)
        return can(user, ability, school)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permissions, "can", watched)
        yield asked


def unlisted(entry: Page | Post, asked: Mapping[str, set[str]]) -> set[str]:
    """Abilities that every colleague who may is asked for, and for which no table above lists the entry."""
    by_doer = [asked[person] for person in COLLEAGUES if entry.who[person] == DOES]
    needed = set.intersection(*by_doer) if by_doer else set()
    listed = {
        one for table in (NEEDED_FOR, ALSO_NEEDED_FOR) for one in table if entry.name in table[one].split()
    }
    return needed - listed
