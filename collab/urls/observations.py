from django.urls import path

from collab.views import observations

ONE = "observations/<uuid:uuid>/"

urlpatterns = [
    path("observations/", observations.observation_list, name="observation-list"),
    path("observations/new/", observations.observation_new, name="observation-new"),
    path(ONE, observations.observation_detail, name="observation-detail"),
    path(f"{ONE}agree/", observations.observation_agree, name="observation-agree"),
    path(f"{ONE}off/", observations.observation_off, name="observation-off"),
    path(f"{ONE}seen/", observations.observation_seen, name="observation-seen"),
    path(f"{ONE}debrief/", observations.observation_debrief, name="observation-debrief"),
    path(f"{ONE}share/", observations.observation_share, name="observation-share"),
    path(f"{ONE}evidence/", observations.evidence_add, name="evidence-add"),
    path(f"{ONE}evidence/<uuid:evidence>/remove/", observations.evidence_remove, name="evidence-remove"),
]
