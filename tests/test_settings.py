"""The settings: where values come from, and what is said of those that cannot be used."""

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.errors import BadConfiguration
from tests.fakes import HashingEmbedder
from vraagbaak.assembly import make_generator
from vraagbaak.deferred import DeferredEmbedder, dimension_of
from vraagbaak.main import app
from vraagbaak.models.store import default_models_folder
from vraagbaak.settings import Settings, origins, read_settings, unknown_variables


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("VRAAGBAAK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_nearest_place_wins(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".env").write_text("VRAAGBAAK_PORT=1\nVRAAGBAAK_HOST=file\nVRAAGBAAK_THREADS=3\n")
    monkeypatch.setenv("VRAAGBAAK_PORT", "2")
    monkeypatch.setenv("VRAAGBAAK_HOST", "environment")
    settings = read_settings(port=4, host=None)
    assert (settings.port, settings.host, settings.threads) == (4, "environment", 3)
    places = origins(port=4, host=None)
    assert [places[name] for name in ("port", "host", "threads", "data")] == [
        "command line",
        "environment",
        ".env",
        "default",
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "duizend"),
        ("PORT", "70000"),
        ("THREADS", "0"),
        ("LOG", "luid"),
        ("EXAMPLES", "geen lijst"),
        ("ORGANISATION", "FME"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"VRAAGBAAK_{variable}", value)
    with pytest.raises(BadConfiguration, match=f"(?i){variable}"):
        read_settings()


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_PORT", "")
    assert read_settings().port == 8000
    assert origins()["port"] == "default"


def test_a_misspelt_variable_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_EMBEDER", "x")
    monkeypatch.setenv("VRAAGBAAK_EMBEDDER", "x")
    assert unknown_variables() == ("VRAAGBAAK_EMBEDER",)


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_GENERATOR_KEY", "geheim-42")
    for words in (["config", "show"], ["config", "show", "--json"]):
        shown = CliRunner().invoke(app, words)
        assert shown.exit_code == 0
        assert "********" in shown.output and "geheim-42" not in shown.output
    assert "geheim-42" not in repr(read_settings())


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("generator", "models"),
    [
        ("extractive", ("e",)),
        ("http://127.0.0.1:9/v1", ("e",)),
        ("own/model.gguf", ("e", "own/model.gguf")),
    ],
)
def test_models_that_must_be_here(generator: str, models: tuple[str, ...]) -> None:
    settings = read_settings(embedder="e", generator=generator)
    assert settings.local_models == models
    assert settings.writes_elsewhere == generator.startswith("http")


def test_a_server_elsewhere_writes_under_its_own_name() -> None:
    settings = read_settings(generator="http://127.0.0.1:9/v1", generator_model="groot", generator_key="k")
    assert make_generator(settings).name == "groot"


def test_an_embedder_is_loaded_at_its_first_text(here: Path) -> None:
    loaded: list[Path] = []

    def load(folder: Path) -> HashingEmbedder:
        loaded.append(folder)
        return HashingEmbedder(dimension=64)

    (here / "modules.json").write_text('[{"path": ""}, {"path": "1_Dense"}, {"path": "2_Normalize"}]')
    (here / "config_sentence_transformers.json").write_text("{}")
    (here / "1_Dense").mkdir()
    (here / "1_Dense" / "config.json").write_text('{"in_features": 128, "out_features": 64}')
    embedder = DeferredEmbedder(here, load)
    assert (embedder.name, embedder.dimension, loaded) == (here.name, 64, [])
    assert embedder.embed_query("tekst").shape == (64,)
    assert embedder.embed_passages(["een", "twee"]).shape == (2, 64)
    assert loaded == [here]
    shutil.rmtree(here / "1_Dense")
    assert dimension_of(here) is None
    assert DeferredEmbedder(here, load).dimension == 64


@pytest.mark.slow
@pytest.mark.parametrize(("name", "length"), [("embeddinggemma-300m", 768), ("multilingual-e5-small", 384)])
def test_models_say_how_long_their_vectors_are(name: str, length: int) -> None:
    folder = default_models_folder() / name
    if not folder.exists():
        pytest.skip(f"{name} was not fetched")
    assert dimension_of(folder) == length
