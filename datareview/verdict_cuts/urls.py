from django.urls import path

from datareview.verdict_cuts import views

urlpatterns = [path("rules/verdicts/", views.verdict_cuts, name="verdict-cuts")]
