"""Putting the parts together as the settings say."""

from pathlib import Path

from api.editors import Editors
from index.embedders import Embedder, SentenceEmbedder
from index.errors import BadConfiguration
from index.index import Index
from index.kept import KeptEmbedder
from rag.assistant import Assistant
from rag.cache import AnswerCache
from rag.decide import DEFAULT, read_decision
from rag.entail import CrossEncoderEntailment, Likeness
from rag.generators import Extractive, Generator, Guarded, LlamaCpp, OpenAICompatible, Transformers
from rag.generators.prompt_cache import PromptCache
from rag.language import language
from rag.probe import read_probe
from rag.rerank import CrossEncoderReranker
from rag.review.feedback import Feedback
from rag.review.store import QuestionStore
from rag.write import SEVERAL, beginning
from vraagbaak.deferred import DeferredEmbedder
from vraagbaak.models.store import ModelStore, stay_offline
from vraagbaak.question_file import open_lines
from vraagbaak.settings import Settings

FIXED_TOKENS = 1024
"""Tokens of a prompt besides the sources: the instructions and the question, with room to spare."""


def make_embedder(settings: Settings) -> DeferredEmbedder:
    """Find the embedder, to be loaded at its first text. Raises ModelUnavailable or ModelAltered."""
    stay_offline()

    def load(folder: Path) -> Embedder:
        from transformers.utils import logging

        logging.disable_progress_bar()  # one bar at a time, and none where `--json` is asked for
        return SentenceEmbedder(folder, threads=settings.threads)

    return DeferredEmbedder(ModelStore(settings.models).path(settings.embedder).resolve(), load)


def make_generator(settings: Settings) -> Generator:
    """Load the generator, with a limit on its time.

    Raises ModelUnavailable, ModelAltered or BadConfiguration.
    """
    if settings.generator == Extractive.name:
        return Extractive()
    return Guarded(_make_writer(settings), seconds=settings.answer_seconds)


def context_of(settings: Settings) -> int:
    """Return how many tokens the longest prompt and its answer take together."""
    return max(2048, SEVERAL * settings.prompt_tokens + settings.answer_tokens + FIXED_TOKENS)


def _make_writer(settings: Settings) -> Generator:
    context = context_of(settings)
    if settings.writes_elsewhere:
        key = settings.generator_key.get_secret_value() if settings.generator_key else None
        return OpenAICompatible(
            settings.generator,
            settings.generator_model,
            api_key=key,
            timeout=settings.answer_seconds,
            context=context,
        )
    stay_offline()
    place = ModelStore(settings.models).path(settings.generator)
    if place.is_dir():
        return Transformers(place, name=Path(settings.generator).name, context=context)
    kept = settings.models / f"{place.stem}.prompt-cache"
    cache = PromptCache(beginning(language(settings.language)), kept)
    return LlamaCpp(place, context=context, threads=settings.threads, cache=cache)


def make_assistant(
    settings: Settings,
    generator: Generator | None = None,
    answers: AnswerCache | None = None,
    mark: bytes = b"",
) -> Assistant:
    """Open the index and load the embedder, and the generator if none is given.

    `answers` and `mark` as for Assistant: a service has them, an evaluation that is to repeat has none.
    """
    if settings.prompt_tokens + settings.answer_tokens > 100_000:
        raise BadConfiguration("VRAAGBAAK_PROMPT_TOKENS and VRAAGBAAK_ANSWER_TOKENS are too many together.")
    embedder = make_embedder(settings)
    index = Index.open(settings.data, embedder)
    kept = KeptEmbedder(embedder, settings.data)
    embedder.embed_query("klaar")  # whoever asks first must not be the one who waits for it
    return Assistant(
        index,
        generator or make_generator(settings),
        organisation=settings.organisation,
        decision=read_decision(decision_file(settings)),
        answers=answers,
        mark=mark,
        reranker=CrossEncoderReranker(settings.reranker) if settings.reranker else None,
        entailment=CrossEncoderEntailment(settings.entailment) if settings.entailment else Likeness(kept),
        probe=read_probe(kept),
        answers_in=settings.language,
        prompt_tokens=settings.prompt_tokens,
        answer_tokens=settings.answer_tokens,
    )


def decision_file(settings: Settings) -> Path:
    """Return the file that says what is evidence enough: the one `vraagbaak tune` wrote, if it did."""
    own = settings.data / DEFAULT.name
    return own if own.exists() else DEFAULT


def make_feedback(settings: Settings) -> Feedback | None:
    """Return what keeps questions for editors, None where none is to be kept."""
    if settings.keep_questions == "never":
        return None
    return Feedback(QuestionStore(settings.data), settings.keep_questions)


def make_editors(settings: Settings) -> Editors | None:
    """Return what the editors' pages need, None where they are off."""
    if settings.editor_token is None:
        return None
    return Editors(settings.editor_token.get_secret_value(), settings.data, open_lines, settings.last_report)
