"""Lives of products: a good of which some row is missing is named, one of which none says anything has no products."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.errors import DatasetError
from derisk.network import build_network
from derisk.path.wear import read_lives


class Without:
    """The dataset without some rows of a good."""

    def __init__(self, dataset, good, fields):
        self.dataset, self.good, self.fields = dataset, good, fields

    def observations(self, **words):
        rows = self.dataset.observations(**words)
        return rows[~((rows["good"] == self.good) & rows["field"].isin(self.fields))].reset_index(drop=True)


@pytest.fixture(scope="module")
def network():
    return build_network(load_dataset())


def test_a_good_with_a_missing_row_is_named(network):
    with pytest.raises(DatasetError) as caught:
        read_lives(Without(load_dataset(), "ndfeb_magnet", ["lifetime_years"]), network)
    assert all(problem.what.startswith("no row of lifetime_years of ndfeb_magnet") for problem in caught.value.problems)


def test_a_good_without_any_row_has_no_products_in_use(network):
    fields = ["lifetime_years", "lifetime_shape", "collection_share", "recovery_share"]
    every, without = (
        {good for good, _ in read_lives(dataset, network)}
        for dataset in (load_dataset(), Without(load_dataset(), "ndfeb_magnet", fields))
    )
    assert every - without == {"ndfeb_magnet"}
