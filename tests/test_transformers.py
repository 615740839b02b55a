"""transformers with a tiny model; what it does as every generator does stands in test_generators."""

import shutil
from pathlib import Path

import pytest

from index.errors import BadConfiguration
from rag.generators import Prompt, Transformers
from tests.writers import tiny_folder, written

PROMPT = Prompt("Wees kort.", (), "Hoeveel kranen?")


def copy_of(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


def test_what_is_no_transformers_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="is not a transformers model"):
        Transformers(tmp_path)


def test_a_model_that_cannot_chat_is_refused(tmp_path: Path) -> None:
    folder = copy_of(tiny_folder(), tmp_path / "base")
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(BadConfiguration, match="has no chat template"):
        Transformers(folder)


def test_a_template_that_knows_no_system_gets_the_instructions_in_the_first_turn(tmp_path: Path) -> None:
    folder = copy_of(tiny_folder(), tmp_path / "strict")
    (folder / "chat_template.jinja").write_text(
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "{{ m.content }}{% endfor %}",
        encoding="utf-8",
    )
    assert written(Transformers(folder), PROMPT, 5)


def test_a_model_is_named_by_its_folder_or_as_it_is_told() -> None:
    assert Transformers(tiny_folder()).name == "tiny"
    assert Transformers(tiny_folder(), name="eigen").name == "eigen"


def test_a_context_that_the_model_does_not_have_is_refused() -> None:
    with pytest.raises(BadConfiguration, match=r"takes 4096 tokens at once.* 9000"):
        Transformers(tiny_folder(), context=9000)
