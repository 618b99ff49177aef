from django.urls import path

from collab.coverage import views

urlpatterns = [
    path("coverage/", views.coverage_show, name="coverage-show"),
]
