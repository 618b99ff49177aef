from django.urls import path

from datareview.plans import views

urlpatterns = [
    path("plans/start/", views.plan_start_form, name="plan-start"),
]
