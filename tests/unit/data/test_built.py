"""Built datasets that are damaged: each file that cannot be read is named, whoever reads it."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.differences import read_release
from derisk.data.examination import examine_built
from derisk.errors import DatasetError


@pytest.fixture
def built(dataset_folder, tmp_path):
    build_dataset(dataset_folder, tmp_path / "built")
    return tmp_path / "built"


DAMAGES = [
    ("manifest.json", b"{"),
    ("manifest.json", b"[]"),
    ("sources.json", b"\xff"),
    ("sources.json", b'[{"id": "x", "colour": 1}]'),
    ("observations.parquet", b"PAR1"),
]


@pytest.mark.parametrize(("file", "content"), DAMAGES)
@pytest.mark.parametrize("read", [load_dataset, read_release])
def test_a_damaged_file_is_named(read, file, content, built):
    (built / file).write_bytes(content)
    with pytest.raises(DatasetError, match="built dataset is damaged") as caught:
        read(built)
    assert caught.value.problems[0].where == str(built)


@pytest.mark.parametrize("read", [load_dataset, read_release, examine_built])
def test_a_dataset_without_its_rows_is_not_built(read, built):
    (built / "observations.parquet").unlink()
    with pytest.raises(DatasetError, match="no built dataset"):
        read(built)


def test_a_file_in_place_of_the_folder_is_no_dataset(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match="no built dataset"):
        load_dataset(tmp_path / "file")
