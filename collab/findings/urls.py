from django.urls import path

from collab.findings import views

urlpatterns = [
    path("agenda-items/<uuid:uuid>/results/", views.item_results, name="item-results"),
    path("agenda-items/<uuid:uuid>/results/predict/", views.results_ask, name="results-ask"),
]
