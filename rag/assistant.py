"""The assistant: a question in, an answer with citations out, in six steps."""

import logging
import time
import uuid
from collections.abc import Collection, Generator, Sequence
from contextlib import closing, suppress
from functools import partial

from index.documents import Hit
from index.errors import GenerationFailed
from index.index import Index
from index.texts import text
from rag import generators
from rag.answers import Answer, Citation, Sources, Status, Step, Token, Turn
from rag.cache import AnswerCache
from rag.compose import Composed, compose
from rag.decide import DEFAULT, Decision, Finding, read_decision
from rag.entail import Entailment
from rag.evidence import Evidence
from rag.kinds import kind_asked
from rag.language import DOCUMENTS, language
from rag.premise import Correction, correction_of
from rag.probe import Probe
from rag.rerank import Reranker
from rag.retrieve import DEPTH, retrieve
from rag.say import answer_text
from rag.select import select_evidence
from rag.understand import Question, understand
from rag.verify import Verifier
from rag.write import beginning, draft_prompt

logger = logging.getLogger(__name__)

NEAREST = 10
"""Hits an answer carries along."""


class Clock:
    """Counts the milliseconds from a question to each step of its answer."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.timings: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """Keep when a step was first reached."""
        self.timings.setdefault(step, round((time.perf_counter() - self._began) * 1000, 1))


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
        probe: Probe | None = None,
        answers: AnswerCache | None = None,
        answers_in: str = DOCUMENTS,
        mark: bytes = b"",
        prompt_tokens: int = 150,
        answer_tokens: int = 90,
    ) -> None:
        """Take the parts. `organisation` names whose documents these are (see `understand`).

        `reranker` orders what was found anew; without one the order of the index stands. `entailment` has
        the last word on what the generator wrote; without one its words are compared with those of quotes.
        `probe` tells orders that no pattern does; without one those are sentences like others.
        `answers` keeps what was answered; without one every question is answered anew. `answers_in` is the
        code of the language of answers; quotes stay as they stand in the documents.
        `mark` is a secret of the service, from which the end of the sources is marked in prompts.
        `decision` says from which evidence on a question is answered, by default the one that comes along.
        `prompt_tokens` is the room for the sources of one question (see `draft_prompt`), `answer_tokens` for
        what is written.
        """
        self.index = index
        self._generator = generator
        self._organisation = tuple(organisation)
        self._language = language(answers_in)
        self._verifier = Verifier(self._language, entailment, probe)
        self._select = partial(select_evidence, probe=probe)
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
        prompt = beginning(self._language)
        with suppress(GenerationFailed), closing(self._generator.generate(prompt, 1)) as pieces:
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
        clock = Clock()
        hits = self._retrieve(index, question, NEAREST, documents)
        found = {part: self._found(index, question, part, documents) for part in question.asked_parts}
        clock.mark("retrieve")
        findings = [self._weighed(index, question, part, near, hits) for part, near in found.items()]
        told = [] if question.is_order else [finding for finding in findings if finding.told]
        evidence = self._select(question, {one.part: one.hits for one in told}, index.standings)
        clock.mark("first_evidence")
        best = Citation(1, evidence[0].document, evidence[0].start, evidence[0].end) if evidence else None
        correction = correction_of(question, evidence, self._language.code)
        yield Sources(hits, best, question.standalone, to_write=bool(evidence) and not correction)

        composed = Composed()
        notices: tuple[str, ...] = ()
        if evidence:
            composed, notices = yield from self._written(question, told, evidence, correction, clock)
        status = _status(question, findings, told)
        clock.mark("total")
        yield Answer(
            id=uuid.uuid4().hex,
            question=question.asked,
            standalone_question=question.standalone,
            status=status,
            text=answer_text(status, composed.sentences, findings, self._language.code),
            sentences=composed.sentences,
            citations=composed.citations,
            hits=hits,
            confidence=round(max((finding.confidence for finding in findings), default=0.0), 3),
            timings=clock.timings,
            embedder=self.embedder_name,
            generator=self.generator_name,
            index=index.generation,
            written=composed.written,
            dropped=composed.dropped,
            left_out=composed.left_out,
            notices=notices,
        )

    def _found(
        self, index: Index, question: Question, part: str, documents: Collection[str] | None
    ) -> tuple[Hit, ...]:
        searched = question.searched(part)
        return self._retrieve(index, question, DEPTH, documents, part=searched, per_page=False)

    def _weighed(
        self, index: Index, question: Question, part: str, near: tuple[Hit, ...], whole: Sequence[Hit]
    ) -> Finding:
        evidence = self._select(question, {part: near}, index.standings)
        return self._decision.weigh(question, part, near, whole, evidence, index.lexicon)

    def _written(
        self,
        question: Question,
        told: Sequence[Finding],
        evidence: Sequence[Evidence],
        correction: Correction | None,
        clock: Clock,
    ) -> Generator[Token, None, tuple[Composed, tuple[str, ...]]]:
        """Yield what the generator writes; return what stands of it, with the quotes, and notices.

        Where a figure of the question is corrected nothing is to be written: a small model would repeat it.
        """
        draft = draft_prompt(question, evidence, self._language, self._prompt_tokens, self._mark)
        if draft.left_out:
            logger.info("The prompt has no room for %d of the quotes", len(draft.left_out))
        generator = generators.Extractive() if correction else self._generator
        written = ""
        notices: tuple[str, ...] = ()
        try:
            with closing(generator.generate(draft.prompt, self._answer_tokens)) as pieces:
                for piece in pieces:
                    if piece:
                        clock.mark("first_token")
                    written += piece
                    yield Token(piece)
        except GenerationFailed as error:
            logger.warning("The answer is made of quotes alone: %s", error)
            written, notices = "", (text("answer.without_model", self._language.code),)
        one = len(question.asked_parts) == 1 and not question.compares
        composed = compose(
            evidence,
            draft,
            written,
            self._verifier,
            asked=kind_asked(told[0].part) if one else None,
            correction=correction,
        )
        return composed, notices


def _status(question: Question, findings: Sequence[Finding], told: Sequence[Finding]) -> Status:
    if question.is_order:
        return "refused"
    if not told:
        return "not_found"
    return "answered" if len(told) == len(findings) else "partial"
