from django.urls import path

from teams.documents import views

urlpatterns = [
    path("documents/<uuid:uuid>/", views.document_detail, name="document-detail"),
    path("documents/<uuid:uuid>/file/", views.document_download, name="document-download"),
]
