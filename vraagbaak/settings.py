"""The settings: the only place that reads the environment."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from index.errors import BadConfiguration
from rag.review.feedback import Keep
from vraagbaak.models.store import default_models_folder

PREFIX = "VRAAGBAAK_"

Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.-]+(:[0-9]+)?$")]
"""An exact origin as browsers send it: no path, no `*` (any page could read the documents), no `null`."""


class Settings(BaseSettings):
    """Everything that can be set, from `VRAAGBAAK_...` variables or a file `.env`."""

    # A variable that is set to nothing counts as not set: compose files and CI pass such ones on.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True
    )

    data: Path = Field(Path("data"), description="folder with the index and the original files")
    models: Path = Field(default_factory=default_models_folder, description="folder with the models")
    embedder: str = Field("embeddinggemma-300m", description="model of the catalogue, or a folder")
    reranker: Path | None = Field(None, description="folder of a sentence-transformers cross-encoder, if any")
    entailment: Path | None = Field(None, description="folder of a cross-encoder for NLI, if any")
    generator: str = Field(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        description="model of the catalogue, a .gguf file, a transformers folder or the name of one in the "
        "hub's cache, the http(s) address of an OpenAI-compatible server, or `extractive` for quotes alone",
    )
    generator_model: str = Field("default", description="name of the model at the OpenAI-compatible server")
    generator_key: SecretStr | None = Field(None, description="key for that server")
    language: Literal["nl", "en"] = Field(
        "nl", description="language of answers, whatever the question is in; quotes stay as they are"
    )
    threads: int = Field(2, ge=1, description="processor threads for the models")
    prompt_tokens: int = Field(150, ge=100, le=100_000, description="room for sources in a prompt")
    answer_tokens: int = Field(90, ge=10, le=4_000, description="what the generator may write")
    answer_seconds: float = Field(
        60.0, gt=0, le=3_600, description="how long writing may take; after that quotes answer, with a notice"
    )
    cached_answers: int = Field(
        500, ge=0, le=100_000, description="answers that the service keeps for who asks the same; 0 for none"
    )
    organisation: tuple[str, ...] = Field(
        ("FME",),
        description="names of the organisation whose documents these are, as a JSON list: "
        "in a question they say nothing about where to look",
    )
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=0, le=65_535, description="port to serve on; 0 for any that is free")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="address under which people reach the service, for links in chat front ends; "
        "if not set, the one that is asked",
    )
    chat_sources: bool = Field(True, description="whether answers under /v1 end with a list of sources")
    mcp: bool = Field(False, description="whether other assistants may use the documents at /mcp")
    examples: tuple[str, ...] = Field(
        (
            "Hoeveel leden heeft FME en wat is hun omzet?",
            "Waarom wil FME een permanente regeling voor deeltijd-WW?",
            "Wat vond FME in 2019 van de Innovatiebox?",
        ),
        description="questions that the chat page offers, as a JSON list",
    )
    contact: str = Field(
        "", max_length=300, description="whom people can turn to; shown where there is no answer"
    )
    widget_origins: tuple[Origin, ...] = Field(
        (),
        description="origins of the pages in which the chat may stand, as a JSON list: "
        '["https://intranet.example"]; the service\'s own needs no mention',
    )
    editor_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="code with which editors enter /beheer; without it there is no such page",
    )
    keep_questions: Keep = Field(
        "feedback",
        description="questions that are kept for editors, without who asked: `never`, "
        "with a thumb down (`feedback`), or also `unanswered` ones",
    )
    keep_days: int = Field(
        30, ge=1, le=3_650, description="days after which a kept question goes that no editor reviewed"
    )
    log: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="what is logged; questions only at debug"
    )

    @property
    def writes_elsewhere(self) -> bool:
        """Whether answers are written by a server, so that questions and sources leave this process."""
        return self.generator.startswith(("http://", "https://"))

    @property
    def last_report(self) -> Path:
        """Where the report of the last evaluation is kept, for the editors' pages."""
        return self.data / "evaluation.html"

    @property
    def local_models(self) -> tuple[str, ...]:
        """The models that must lie on this machine."""
        without = self.writes_elsewhere or self.generator == "extractive"
        return (self.embedder,) if without else (self.embedder, self.generator)


def read_settings(**given: object) -> Settings:
    """Return the settings, those `given` (and not None) before those of the environment.

    Raises BadConfiguration, naming each variable that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"{_variable(str(problem['loc'][0]))}={_shown(problem)}: {problem['msg']}"
            for problem in error.errors()
        )
        raise BadConfiguration(f"A setting cannot be used: {wrong}.") from error
    except SettingsError as error:  # a list that is no JSON
        raise BadConfiguration(f"A setting cannot be used: {error}. Write a list as JSON.") from error


def origins(**given: object) -> Mapping[str, str]:
    """Return for each setting where its value comes from, with `given` as for `read_settings`."""
    places: Mapping[str, Mapping[str, object]] = {
        "command line": {name: value for name, value in given.items() if value is not None},
        "environment": EnvSettingsSource(Settings)(),
        ".env": DotEnvSettingsSource(Settings)(),
    }
    return {
        name: next((place for place, values in places.items() if name in values), "default")
        for name in Settings.model_fields
    }


def unknown_variables() -> tuple[str, ...]:
    """Return the `VRAAGBAAK_...` variables of the environment that set nothing: misspelt, most likely."""
    known = {_variable(name) for name in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _shown(problem: Mapping[str, object]) -> str:
    secret = re.search("_(?:key|token)'", str(problem["loc"]))
    return "***" if secret else repr(problem["input"])
