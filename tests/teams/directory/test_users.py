"""People who sign in."""

from teams.directory.models import User
from teams.lib import clock


def test_a_user_joins_at_the_products_time(db):
    """The tests' clock is years from the machine's."""
    before = clock.now()
    user = User.objects.create_user("new@lincoln.test")
    assert before <= user.date_joined <= clock.now()
