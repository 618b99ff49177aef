from django.urls import path

from datareview.outcomes import views

urlpatterns = [
    path("plans/<uuid:uuid>/effects/", views.plan_effects, name="plan-effects"),
    path("reports/outcomes/", views.outcome_list, name="outcome-list"),
    path("reports/outcomes/<slug:key>/", views.outcome_detail, name="outcome-detail"),
    path("reports/outcomes/<slug:key>/csv/", views.outcome_export, name="outcome-export"),
    path("reports/outcomes/<slug:key>/pdf/", views.outcome_download, name="outcome-download"),
]
