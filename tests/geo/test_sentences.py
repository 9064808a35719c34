"""A key belongs to one subject: joining the subjects must not hide one sentence by another."""

from geo.problems import VOCABULARY
from geo.sentences import files, geometry, plans, service


def test_no_key_stands_twice():
    assert len(VOCABULARY) == sum(len(part.SENTENCES) for part in (files, geometry, plans, service))
