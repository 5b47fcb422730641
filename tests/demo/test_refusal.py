"""Invented data and a bureau's own never meet."""

import pytest

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
