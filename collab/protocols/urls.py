from django.urls import path

from collab.protocols import views

urlpatterns = [
    path("protocols/", views.protocol_list, name="protocol-list"),
    path("protocols/<uuid:uuid>/", views.protocol_detail, name="protocol-detail"),
    path("protocols/<uuid:uuid>/copy/", views.protocol_copy, name="protocol-copy"),
    path("protocols/<uuid:uuid>/edit/", views.protocol_edit, name="protocol-edit"),
    path("protocols/<uuid:uuid>/retire/", views.protocol_retire, name="protocol-retire"),
]
