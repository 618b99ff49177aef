from django.urls import path

from datareview.case_leads import views

urlpatterns = [path("students/<uuid:uuid>/case-lead/", views.case_lead_edit, name="case-lead-edit")]
