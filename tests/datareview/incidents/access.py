from datareview.incidents.services import incident_version
from datareview.records.models import Incident
from tests.access import Page, Post, by, now, one

WHO_SEE_MAYA = by("ana tom sol cora pia ada")
EDITORS = by("ana cora ada")


def _values(side) -> dict:
    return {"day": side.school.today(), "kind": "Ran", "severity": "major", "consequence": "none"}


def _kinds(side) -> list:
    return list(Incident.objects.filter(student=side.maya).order_by("pk").values_list("kind", "recorded_by"))


def _pk(side) -> list:
    return [side.incident.pk]


PAGES = [
    Page("incident-add", one("maya"), WHO_SEE_MAYA),
    Page("incident-edit", _pk, EDITORS),
]

POSTS = [
    Post(
        "incident-add",
        one("maya"),
        WHO_SEE_MAYA,
        data=_values,
        effect=_kinds,
        becomes=lambda side: [("Phone", side.ana.pk), ("Ran", side.me.pk)],
    ),
    Post(
        "incident-edit",
        _pk,
        EDITORS,
        data=lambda side: _values(side) | {"seen": incident_version(side.incident)},
        effect=now("incident", "kind"),
        becomes="Ran",
    ),
    Post(
        "incident-edit",
        _pk,
        EDITORS,
        data=lambda side: {"remove": "yes"},
        effect=now("incident", "kind"),
        becomes=None,
    ),
]
