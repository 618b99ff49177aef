from django.urls import path

from datareview.flag_audit import views

urlpatterns = [path("reports/outcomes/flags/release/", views.flag_release, name="flag-release")]
