from django.urls import path

from datareview.case_rules import views

urlpatterns = [path("rules/cases/", views.case_rules, name="case-rules")]
