"""The registry knows every importer there is, and each answers to its word."""

from __future__ import annotations

import pkgutil

import pytest

import derisk.data.importers
from derisk.data.importers.registry import KINDS, find_importer, list_importers
from derisk.errors import InputError


def test_every_importer_is_registered():
    modules = {module.name for module in pkgutil.iter_modules(derisk.data.importers.__path__)} - {"registry"}
    assert modules == {module.rpartition(".")[2] for module in KINDS.values()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_importer_answers_to_its_word(kind):
    importer = find_importer(kind)
    assert (importer.KIND, bool(importer.TITLE), callable(importer.read)) == (kind, True, True)


def test_kinds_of_the_contract_are_there():
    wanted = "usgs-mcs usgs-myb bgs wmd iea baci comtrade wgi world-bank pink-sheet imf-prices eu-crm bea-io derisk"
    assert {line["kind"] for line in list_importers()} == set(wanted.split())


def test_unknown_kind_is_an_input_error():
    with pytest.raises(InputError, match="did you mean 'usgs-mcs'"):
        find_importer("usgs-msc")
