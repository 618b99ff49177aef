from django.urls import path

from collab.adoption import views

urlpatterns = [
    path("protocols/<uuid:uuid>/adopt/", views.protocol_adopt, name="protocol-adopt"),
]
