from django.urls import path

from collab.meetings.views import feeds, guests

urlpatterns = [
    path("calendar/feeds/", feeds.feed_list, name="feed-list"),
    path("calendar/feeds/make/", feeds.feed_make, name="feed-make"),
    path("calendar/feeds/<uuid:uuid>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feeds/<str:token>.ics", feeds.feed_read, name="feed-read"),
    path("meetings/<uuid:uuid>/guests/add/", guests.guest_add, name="guest-add"),
    path("meetings/<uuid:uuid>/guests/<uuid:staff>/remove/", guests.guest_remove, name="guest-remove"),
]
