from django.urls import path

from collab.views import polls

urlpatterns = [
    path("polls/", polls.poll_list, name="poll-list"),
    path("polls/new/", polls.poll_new, name="poll-new"),
    path("polls/<uuid:uuid>/", polls.poll_detail, name="poll-detail"),
    path("polls/<uuid:uuid>/answer/", polls.poll_answer, name="poll-answer"),
    path("polls/<uuid:uuid>/remind/", polls.poll_remind, name="poll-remind"),
    path("polls/<uuid:uuid>/close/", polls.poll_close, name="poll-close"),
]
