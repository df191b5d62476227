"""Plurals of type names."""

import pytest

from habitr_emulator.amplify.transform.plurals import pluralize

_KNOWN = """
Bus:Buses Category:Categories Person:People Child:Children Datum:Data Fish:Fish Goods:Goods News:News Sheep:Sheep
Leaf:Leaves Wolf:Wolves Hero:Heroes Photo:Photos Criterion:Criteria Quiz:Quizzes Analysis:Analyses
Equipment:Equipment Settings:Settings UserHasAddress:UserHasAddresses API_Key:API_Keys Boy_Toy:Boy_Toys
S3File2:S3File2s URL2:URL2s TODO:TODOS userProfile:userProfiles
"""


@pytest.mark.parametrize("pair", _KNOWN.split())
def test_a_type_name_has_the_plural_that_amplify_gives_it(pair: str) -> None:
    word, plural = pair.split(":")
    assert pluralize(word) == plural


@pytest.mark.parametrize("plural", ["People", "Users", "Children", "Data"])
def test_a_plural_stays(plural: str) -> None:
    assert pluralize(plural) == plural
