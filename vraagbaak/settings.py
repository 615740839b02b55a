"""The settings: the only place that reads the environment."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import BadConfiguration
from vraagbaak.models.store import default_models_folder


class Settings(BaseSettings):
    """Everything that can be set, from `VRAAGBAAK_...` variables or a file `.env`."""

    model_config = SettingsConfigDict(env_prefix="VRAAGBAAK_", env_file=".env", extra="ignore")

    data: Path = Field(Path("data"), description="folder with the index and the original files")
    models: Path = Field(default_factory=default_models_folder, description="folder with the models")
    embedder: str = Field("embeddinggemma-300m", description="model of the catalogue, or a folder")
    generator: str = Field(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        description="model of the catalogue, a .gguf file, a transformers folder, "
        "the http(s) address of an OpenAI-compatible server, or `extractive` for quotes alone",
    )
    generator_model: str = Field("default", description="name of the model at the OpenAI-compatible server")
    generator_key: SecretStr | None = Field(None, description="key for that server")
    threads: int = Field(2, ge=1, description="processor threads for the models")
    prompt_tokens: int = Field(450, ge=100, le=100_000, description="room for sources in a prompt")
    answer_tokens: int = Field(90, ge=10, le=4_000, description="what the generator may write")
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=0, le=65_535, description="port to serve on")
    examples: tuple[str, ...] = Field(
        (
            "Hoeveel leden heeft FME en wat is hun omzet?",
            "Waarom wil FME een permanente regeling voor deeltijd-WW?",
            "Wat vond FME in 2019 van de Innovatiebox?",
        ),
        description="questions that the chat page offers, as a JSON list",
    )


def read_settings(**given: object) -> Settings:
    """Return the settings, those `given` (and not None) before those of the environment.

    Raises BadConfiguration, naming each variable that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"VRAAGBAAK_{'_'.join(map(str, problem['loc'])).upper()}={problem['input']!r}: {problem['msg']}"
            for problem in error.errors()
        )
        raise BadConfiguration(f"A setting cannot be used: {wrong}") from error
