from django.urls import path

from datareview.rules import views

urlpatterns = [
    path("rules/", views.rule_list, name="rule-list"),
    path("rules/change/", views.rules_change, name="rules-change"),
    path("rules/new/", views.rule_new, name="rule-new"),
    path("rules/adopt/<slug:key>/", views.rule_adopt, name="rule-adopt"),
    path("rules/<uuid:uuid>/edit/", views.rule_edit, name="rule-edit"),
    path("rules/<uuid:uuid>/undo/", views.rule_undo, name="rule-undo"),
]
