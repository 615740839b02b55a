"""No model at all."""

from rag.generators.generator import Prompt
from rag.generators.pieces import Pieces


class Extractive:
    """Writes nothing, so that the answer is made of quotes alone."""

    name = "extractive"

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield nothing."""
        yield from ()
