from django.urls import path

from collab.views import protocols

urlpatterns = [
    path("protocols/", protocols.protocol_list, name="protocol-list"),
    path("protocols/<uuid:uuid>/", protocols.protocol_detail, name="protocol-detail"),
    path("protocols/<uuid:uuid>/copy/", protocols.protocol_copy, name="protocol-copy"),
    path("protocols/<uuid:uuid>/edit/", protocols.protocol_edit, name="protocol-edit"),
    path("protocols/<uuid:uuid>/retire/", protocols.protocol_retire, name="protocol-retire"),
]
