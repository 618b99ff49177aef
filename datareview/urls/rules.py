from django.urls import path

from datareview.views import rules

urlpatterns = [
    path("rules/", rules.rule_list, name="rule-list"),
    path("rules/adopt/<slug:key>/", rules.rule_adopt, name="rule-adopt"),
    path("rules/<uuid:uuid>/edit/", rules.rule_edit, name="rule-edit"),
]
