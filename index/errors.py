"""Every error that Vraagbaak raises on purpose.

    VraagbaakError
    ├── UnreadableDocument      a file that cannot be read; `reason` is Dutch, for the administrator
    ├── UnknownDocument         a document id that is not in the index
    ├── UnknownPage             a page number that the document does not have
    ├── UnknownQuestion         a number that no kept question has
    ├── UnknownAnswer           an answer that is judged and not (any more) known
    ├── BadQuestion             a question that cannot be asked (empty, too long); Dutch
    ├── IndexUnavailable        there is no index yet, or no whole one
    ├── IndexMismatch           the index was made by something else than what opens it
    ├── IndexBusy               another process is updating the index
    ├── StorageFailed           the disk is full, or fails
    ├── NothingIndexed          every file that was found was refused
    ├── ModelUnavailable        a model file is missing
    ├── ModelAltered            a model file is not the file that was published
    ├── GenerationFailed        a generator gave no answer
    │   └── PromptTooLong       … because it takes fewer tokens than the prompt has
    └── BadConfiguration        a setting or an argument that cannot be used

Every message says what happened, with the value, and what to do about it. Messages that reach people
who ask questions are Dutch; the others are English, for engineers.
"""

from collections.abc import Mapping


class VraagbaakError(Exception):
    """Anything that Vraagbaak itself reports as wrong."""


class UnreadableDocument(VraagbaakError):
    """A file that cannot be read. `reason` says why in Dutch, for the administrator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownDocument(VraagbaakError):
    """A document id that is not in the index."""


class UnknownPage(VraagbaakError):
    """A page number that the document does not have."""


class UnknownQuestion(VraagbaakError):
    """A number that none of the questions has that are kept for editors."""


class UnknownAnswer(VraagbaakError):
    """An answer that somebody judges and that is not, or no longer, remembered."""


class BadQuestion(VraagbaakError):
    """A question that cannot be asked: empty or too long. The message is Dutch."""


class IndexUnavailable(VraagbaakError):
    """There is no index at this place, or none that is whole."""


class IndexMismatch(VraagbaakError):
    """The index was made by something else than what opens it."""


class IndexBusy(VraagbaakError):
    """Another process is updating the index."""


class StorageFailed(VraagbaakError):
    """The folder of the index could not be written: the disk is full, or fails."""


class NothingIndexed(VraagbaakError):
    """Every file that was found was refused. `refused` gives the Dutch reason for each name."""

    def __init__(self, message: str, refused: Mapping[str, str]) -> None:
        super().__init__(message)
        self.refused = refused


class ModelUnavailable(VraagbaakError):
    """A model file is missing, or none of its sources could be reached."""


class ModelAltered(VraagbaakError):
    """A model file is not the file that was published: its SHA-256 differs."""


class GenerationFailed(VraagbaakError):
    """A generator gave no answer."""


class PromptTooLong(GenerationFailed):
    """A prompt has more tokens than the generator's model takes."""


class BadConfiguration(VraagbaakError):
    """A setting or an argument that cannot be used."""
