"""Who is signed in: the person together with what that person may do, in one query a request."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from anxin.accounts.access import with_grants
from anxin.accounts.models import Grant, User


class PeopleBackend(ModelBackend):
    """Django's own accounts and passwords. Every page asks for grants, so they come along with the person."""

    def get_user(self, user_id: int) -> User | None:
        found = with_grants(Grant.objects.filter(user_id=user_id))
        user = found[0] if found else User.objects.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
