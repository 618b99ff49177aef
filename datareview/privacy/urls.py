from django.urls import path

from datareview.privacy import views

urlpatterns = [
    path("projector/", views.projector_switch, name="projector-switch"),
]
