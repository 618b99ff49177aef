from django.urls import path

from datareview.inbox import views

urlpatterns = [
    path("imports/inbox/", views.inbox_show, name="inbox-show"),
    path("imports/inbox/watch/", views.inbox_watch, name="inbox-watch"),
    path("imports/inbox/tokens/", views.token_make, name="token-make"),
    path("imports/inbox/tokens/<uuid:uuid>/revoke/", views.token_revoke, name="token-revoke"),
    path("imports/upload/<str:name>", views.file_put, name="file-put"),
]
