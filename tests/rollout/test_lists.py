"""Lists of words come back from a programme pack as they went: the database refuses an entry with a semicolon."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rollout.models import Deployment, Lesson, Programme, ReleaseBundle
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("entries", [["Ward rounds; handover"], ["Handover", ";"]])
def test_entry_with_a_semicolon_is_refused(entries: list[str]):
    deployment = make.make_deployment()
    lesson = Lesson.objects.create(programme=deployment.programme, code="L1", text="Lesson")
    bundle = ReleaseBundle.objects.create(code="B1", name="Bundle")
    lists: list[tuple[Any, int, str]] = [
        (Programme, deployment.programme_id, "processes"),
        (Deployment, deployment.pk, "modules"),
        (Lesson, lesson.pk, "tags"),
        (ReleaseBundle, bundle.pk, "modules"),
    ]
    refused = []
    for model, pk, name in lists:
        model.objects.filter(pk=pk).update(**{name: ["Ward rounds", "Handover"]})
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=pk).update(**{name: entries})
        refused.append(name)

    assert refused == [name for _model, _pk, name in lists]
