from django.urls import path

from datareview.provenance import views

urlpatterns = [path("students/<uuid:uuid>/values/", views.origin_show, name="origin-show")]
