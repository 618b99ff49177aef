from django.urls import path

from collab.setup.views import begin

urlpatterns = [
    path("begin/", begin.begin_show, name="begin-show"),
]
