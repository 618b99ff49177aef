from django.urls import path

from collab.setup.views import begin, steps

urlpatterns = [
    path("begin/", begin.begin_show, name="begin-show"),
    path("setup/usual/", steps.usual_adopt, name="usual-adopt"),
    path("setup/", steps.setup_show, name="setup-show"),
]
