"""The assistant: a question in, an answer with citations out, in six steps."""

import logging
import time
import uuid
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing, suppress
from functools import partial

from index.documents import Hit
from index.errors import GenerationFailed
from index.index import Index
from index.sentences import sentence_spans
from index.texts import text
from rag import generators
from rag.answers import Answer, Citation, Sources, Status, Step, Token, Turn
from rag.cache import AnswerCache
from rag.compose import Composed, answer_text, compose
from rag.decide import DEFAULT, Decision, read_decision
from rag.entail import Entailment
from rag.evidence import Evidence
from rag.kinds import kind_asked
from rag.lacking import lacking
from rag.rerank import Reranker
from rag.retrieve import DEPTH, retrieve
from rag.select import select_evidence
from rag.understand import Question, understand
from rag.write import Draft, beginning, draft_prompt

logger = logging.getLogger(__name__)

NEAREST = 10
"""Hits an answer carries along."""


class Assistant:
    """Answers questions from an index. Holds no state of any conversation, so threads may share it."""

    def __init__(
        self,
        index: Index,
        generator: generators.Generator,
        *,
        organisation: Collection[str] = (),
        decision: Decision | None = None,
        reranker: Reranker | None = None,
        entailment: Entailment | None = None,
        answers: AnswerCache | None = None,
        mark: bytes = b"",
        prompt_tokens: int = 450,
        answer_tokens: int = 90,
    ) -> None:
        """Take the parts. `organisation` names whose documents these are (see `understand`).

        `reranker` orders what was found anew; without one the order of the index stands. `entailment` has
        the last word on what the generator wrote; without one its words are compared with those of quotes.
        `answers` keeps what was answered; without one every question is answered anew.
        `mark` is a secret of the service, from which the end of the sources is marked in prompts.
        `decision` says from which evidence on a question is answered, by default the one that comes along.
        `prompt_tokens` is the room for the sources of one question, `answer_tokens` for what is written.
        """
        self.index = index
        self._generator = generator
        self._organisation = tuple(organisation)
        self._entailment = entailment
        self._retrieve = partial(retrieve, reranker=reranker)
        self._decision = decision or read_decision(DEFAULT)
        self._answers = answers
        self._mark = mark
        self._prompt_tokens = prompt_tokens
        self._answer_tokens = answer_tokens

    @property
    def embedder_name(self) -> str:
        """Which model finds."""
        return self.index.embedder.name

    @property
    def generator_name(self) -> str:
        """Which model writes."""
        return self._generator.name

    def warm_up(self) -> None:
        """Have the generator read what every prompt begins with: who asks first need not wait for it."""
        with suppress(GenerationFailed), closing(self._generator.generate(beginning(), 1)) as pieces:
            for _ in pieces:
                pass

    def search(self, query: str, k: int = 10, documents: Collection[str] | None = None) -> tuple[Hit, ...]:
        """Return the best k passages, at most one a page. Raises BadQuestion and UnknownDocument."""
        return self._retrieve(self.index, understand(query, organisation=self._organisation), k, documents)

    def ask(
        self, question: str, history: Sequence[Turn] = (), documents: Collection[str] | None = None
    ) -> Answer:
        """Return the answer. Raises BadQuestion and UnknownDocument."""
        for step in self.steps(question, history, documents):
            if isinstance(step, Answer):
                return step
        raise GenerationFailed("The steps ended without an answer.")

    def steps(
        self, asked: str, history: Sequence[Turn] = (), documents: Collection[str] | None = None
    ) -> Generator[Step, None, None]:
        """Yield Sources once, Tokens while they are written, and the Answer last.

        The evidence comes before the generator is asked for a word. Closing the iterator stops the
        generator. A generator that fails costs its sentences, not the answer: the quotes stand.
        Raises BadQuestion and UnknownDocument.
        """
        index = self.index  # a newer generation may take its place while this question is being answered
        question = understand(asked, history, self._organisation)
        steps = self._steps(index, question, documents)
        return self._answers.answered(index, question, documents, steps) if self._answers else steps

    def _steps(
        self, index: Index, question: Question, documents: Collection[str] | None
    ) -> Generator[Step, None, None]:
        began = time.perf_counter()
        timings: dict[str, float] = {}

        def clock(name: str) -> None:
            timings.setdefault(name, round((time.perf_counter() - began) * 1000, 1))

        hits = self._retrieve(index, question, NEAREST, documents)
        asked_for = question.parts[1:] or question.parts
        found = {
            part: self._retrieve(
                index, question, DEPTH, documents, part=question.searched(part), per_page=False
            )
            for part in asked_for
        }
        clock("retrieve")
        chosen = {
            part: select_evidence(question, {part: near}, index.standings) for part, near in found.items()
        }
        sure = {
            part: self._decision.confidence(question, part, near, hits, chosen[part])
            for part, near in found.items()
        }
        told = tuple(part for part in found if sure[part] >= self._decision.enough)
        answerable = bool(told) and not question.is_order
        evidence = select_evidence(question, {part: found[part] for part in told}, index.standings)
        clock("first_evidence")
        yield Sources(
            hits,
            Citation(1, evidence[0].document, evidence[0].start, evidence[0].end) if answerable else None,
            question.standalone,
            to_write=answerable,
        )

        status: Status = "refused" if question.is_order else "not_found"
        if answerable:
            status = "answered" if len(told) == len(found) else "partial"
        composed = Composed()
        notices: tuple[str, ...] = ()
        if answerable:
            draft = draft_prompt(question, evidence, self._prompt_tokens, self._mark)
            if draft.left_out:
                logger.info("The prompt has no room for %d of the sources found", len(draft.left_out))
            written, notices = yield from self._write(draft, clock)
            one = len(found) == 1 and not question.compares
            asked = kind_asked(told[0]) if one else None
            composed = compose(evidence, draft, written, asked=asked, entailment=self._entailment)
        untold = [text("answer.partial", part=_last_sentence(part)) for part in found if part not in told]
        if answerable:
            lines = [answer_text(composed.sentences), *untold]
        elif question.is_order:
            lines = [text("answer.refused")]
        else:
            lines = [self._silence(question, part, chosen[part], sure[part]) for part in found]
            lines = [f"{' '.join(dict.fromkeys(lines))} {text('answer.nearest')}"]
        clock("total")
        yield Answer(
            id=uuid.uuid4().hex,
            question=question.asked,
            standalone_question=question.standalone,
            status=status,
            text="\n".join(lines),
            sentences=composed.sentences,
            citations=composed.citations,
            hits=hits,
            confidence=round(max(sure.values(), default=0.0), 3),
            timings=timings,
            embedder=self.embedder_name,
            generator=self.generator_name,
            index=index.generation,
            written=composed.written,
            dropped=composed.dropped,
            left_out=composed.left_out,
            notices=notices,
        )

    def _silence(self, question: Question, part: str, evidence: Sequence[Evidence], sure: float) -> str:
        """Return why a part is not answered: what is missing where the documents are about it, or nothing."""
        missing = lacking(question, part, evidence)
        about_it = sure >= self._decision.enough * self._decision.lacking
        return text(f"answer.lacks_{missing}" if evidence and missing and about_it else "answer.not_found")

    def _write(
        self, draft: Draft, clock: Callable[[str], None]
    ) -> Generator[Token, None, tuple[str, tuple[str, ...]]]:
        """Yield what is written; return the whole of it, or nothing and a notice when it failed."""
        written = ""
        try:
            with closing(self._generator.generate(draft.prompt, self._answer_tokens)) as pieces:
                for piece in pieces:
                    if piece:
                        clock("first_token")
                    written += piece
                    yield Token(piece)
        except GenerationFailed as error:
            logger.warning("The answer is made of quotes alone: %s", error)
            return "", (text("answer.without_model"),)
        return written, ()


def _last_sentence(part: str) -> str:
    """Return what is asked at the end of a part: people often tell first why they ask."""
    start, end = sentence_spans(part, 0, len(part))[-1]
    return part[start:end]
