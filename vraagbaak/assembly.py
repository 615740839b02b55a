"""Putting the parts together as the settings say."""

from index.embedders import Embedder, SentenceEmbedder
from index.errors import BadConfiguration
from index.index import Index
from rag.assistant import Assistant
from rag.generators import Extractive, Generator, LlamaCpp, OpenAICompatible, Transformers
from vraagbaak.models.store import ModelStore, stay_offline
from vraagbaak.settings import Settings


def make_embedder(settings: Settings) -> Embedder:
    """Load the embedder. Raises ModelUnavailable, ModelAltered or BadConfiguration."""
    stay_offline()
    return SentenceEmbedder(ModelStore(settings.models).path(settings.embedder), threads=settings.threads)


def make_generator(settings: Settings) -> Generator:
    """Load the generator. Raises ModelUnavailable, ModelAltered or BadConfiguration."""
    if settings.generator == Extractive.name:
        return Extractive()
    if settings.generator.startswith(("http://", "https://")):
        key = settings.generator_key.get_secret_value() if settings.generator_key else None
        return OpenAICompatible(settings.generator, settings.generator_model, api_key=key)
    stay_offline()
    place = ModelStore(settings.models).path(settings.generator)
    return Transformers(place) if place.is_dir() else LlamaCpp(place, threads=settings.threads)


def make_assistant(settings: Settings) -> Assistant:
    """Open the index and load both models."""
    if settings.prompt_tokens + settings.answer_tokens > 100_000:
        raise BadConfiguration("VRAAGBAAK_PROMPT_TOKENS and VRAAGBAAK_ANSWER_TOKENS are too many together.")
    index = Index.open(settings.data, make_embedder(settings))
    return Assistant(
        index,
        make_generator(settings),
        prompt_tokens=settings.prompt_tokens,
        answer_tokens=settings.answer_tokens,
    )
