from django.urls import path

from datareview.gaps import views

urlpatterns = [
    path("data/gaps/", views.gap_show, name="gap-show"),
    path("data/gaps/download/", views.gap_download, name="gap-download"),
    path("data/gaps/pdf/", views.gap_pdf, name="gap-pdf"),
    path("data/gaps/release/", views.gap_release, name="gap-release"),
]
