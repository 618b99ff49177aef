from django.urls import path

from datareview.replays import views

urlpatterns = [
    path("rules/replay/", views.new_rule_replay, name="new-rule-replay"),
    path("rules/<uuid:uuid>/replay/", views.rule_replay, name="rule-replay"),
]
