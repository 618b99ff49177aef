from django.urls import path

from collab.packet import views

urlpatterns = [
    path("meetings/<uuid:uuid>/packet.pdf", views.packet_download, name="packet-download"),
]
