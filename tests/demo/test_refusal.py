"""Invented data and a bureau's own never meet."""

import pytest

from anxin.accounts.models import User
from anxin.demo.load import load, loaded_on
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project, Region


@pytest.mark.django_db
def test_the_demonstration_never_mixes_with_real_projects(db, now, home):
    Region.objects.create(code="44", name="某省")
    Project.objects.create(code="R", name="正式项目", region_id="44", industry="housing", recorded_at=now)
    with pytest.raises(Refused, match="正式项目"):
        load(lambda sentence: None, now)
    assert loaded_on() is None
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_accounts_with_known_passwords_do_not_join_those_of_an_office(db, now, home):
    User.objects.create_user("zhang.wei", display_name="某管理员")
    with pytest.raises(Refused, match="密码是公开的"):
        load(lambda sentence: None, now)
    assert User.objects.count() == 1
