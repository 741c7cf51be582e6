"""The version of the reading changes with whatever may change what is read, and with nothing else."""

import re

from pipelines import version


def test_the_version_names_the_release_and_the_state_of_the_reading():
    assert re.fullmatch(re.escape(version.RELEASE) + r"\+[0-9a-f]{12}", version.parser_version())
    names = {path.relative_to(version.HERE.parent).as_posix() for path in version.sources()}
    assert {"pipelines/__init__.py", "pipelines/labels.yaml", "pipelines/statistics/forms/giar_2021.yaml", "giar_crawler/items.py"} <= names
    assert not {name for name in names if name.startswith(("pipelines/storage", "pipelines/stats", "tests"))}


def test_a_changed_byte_of_code_or_data_is_another_version(monkeypatch, tmp_path):
    files = [tmp_path / "a.py", tmp_path / "b.yaml"]
    monkeypatch.setattr(version, "HERE", tmp_path / "reading")
    monkeypatch.setattr(version, "sources", lambda: files)
    seen = set()
    for texts in (("x = 1", "y: 1"), ("x = 2", "y: 1"), ("x = 2", "y: 2"), ("x = 2y: 2", "")):
        for file, text in zip(files, texts, strict=True):
            file.write_text(text)
        version.parser_version.cache_clear()
        seen.add(version.parser_version())
    version.parser_version.cache_clear()
    assert len(seen) == 4
