from django.urls import path

from collab.polls import views

urlpatterns = [
    path("polls/", views.poll_list, name="poll-list"),
    path("polls/new/", views.poll_new, name="poll-new"),
    path("polls/<uuid:uuid>/", views.poll_detail, name="poll-detail"),
    path("polls/<uuid:uuid>/answer/", views.poll_answer, name="poll-answer"),
    path("polls/<uuid:uuid>/remind/", views.poll_remind, name="poll-remind"),
    path("polls/<uuid:uuid>/close/", views.poll_close, name="poll-close"),
]
