"""People of several roles are in the order in which they were read, in each run of the program."""

from __future__ import annotations

from bibtool.formats.base import ReadOptions
from bibtool.formats.fields import Draft
from bibtool.model.names import Name

ROLES = ("translator", "director", "editor", "producer", "composer", "author", "host", "narrator")


def test_people_of_several_roles_keep_their_order() -> None:
    draft = Draft("ris")
    for role in ROLES:
        draft.put_name(role, Name(family="Doe", given=role))
    assert tuple(draft.build(ReadOptions()).variables) == ROLES
