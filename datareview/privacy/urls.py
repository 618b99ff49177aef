from django.urls import path

from datareview.privacy import views

urlpatterns = [
    path("disclosures/", views.disclosure_list, name="disclosure-list"),
    path("projector/", views.projector_switch, name="projector-switch"),
]
