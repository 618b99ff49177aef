from django.urls import path

from collab.views import feeds

urlpatterns = [
    path("calendar/feeds/", feeds.feed_list, name="feed-list"),
    path("calendar/feeds/make/", feeds.feed_make, name="feed-make"),
    path("calendar/feeds/<uuid:uuid>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feeds/<str:token>.ics", feeds.feed_read, name="feed-read"),
]
