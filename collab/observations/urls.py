from django.urls import path

from collab.observations import views

ONE = "observations/<uuid:uuid>/"

urlpatterns = [
    path("observations/", views.observation_list, name="observation-list"),
    path("observations/new/", views.observation_new, name="observation-new"),
    path(ONE, views.observation_detail, name="observation-detail"),
    path(f"{ONE}agree/", views.observation_agree, name="observation-agree"),
    path(f"{ONE}off/", views.observation_off, name="observation-off"),
    path(f"{ONE}seen/", views.observation_seen, name="observation-seen"),
    path(f"{ONE}debrief/", views.observation_debrief, name="observation-debrief"),
    path(f"{ONE}share/", views.observation_share, name="observation-share"),
    path(f"{ONE}evidence/", views.evidence_add, name="evidence-add"),
    path(f"{ONE}evidence/<uuid:evidence>/remove/", views.evidence_remove, name="evidence-remove"),
]
