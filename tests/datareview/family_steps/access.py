import uuid

from datareview.family_steps.models import FamilyStep
from tests.access import Post, by, day, one

SEES_MAYA = "ana tom sol cora pia ada"


def _own(side) -> None:
    FamilyStep.objects.create(
        uuid=uuid.uuid5(side.plan.uuid, "family"),
        student=side.maya,
        plan=side.plan,
        how="call",
        said="They agree",
        made_on=side.school.today(),
        written_by=getattr(side, "cora", None) or side.zoe,
    )


POSTS = [
    Post(
        "family-step-add",
        one("maya"),
        by(SEES_MAYA),
        data=lambda side: {
            "plan": side.plan.uuid,
            "family_how": "call",
            "family_said": "They agree",
            "family_on": day(side, -1),
        },
        effect=lambda side: list(
            FamilyStep.objects.filter(plan=side.plan).values_list("written_by", "how", "said", "occasion")
        ),
        becomes=lambda side: [(side.me.pk, "call", "They agree", "other")],
    ),
    Post(
        "family-step-remove",
        lambda side: [uuid.uuid5(side.plan.uuid, "family")],
        by("cora"),
        given=_own,
        effect=lambda side: FamilyStep.objects.filter(plan=side.plan, removed_at=None).count(),
        becomes=0,
    ),
]
