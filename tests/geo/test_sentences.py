"""A key belongs to one subject: joining the subjects must not hide one sentence by another."""

from geo.problems import VOCABULARY
from geo.sentences import (
    addresses,
    edits,
    files,
    geometry,
    ground,
    joint,
    merging,
    plans,
    reach,
    service,
)


def test_no_key_stands_twice():
    parts = (addresses, edits, files, geometry, ground, joint, merging, plans, reach, service)
    assert len(VOCABULARY) == sum(len(part.SENTENCES) for part in parts)
