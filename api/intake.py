"""Documents that editors bring or take away: one change at a time, beside the answering of questions.

The change makes a new generation of the index; until that is whole, everybody is answered from the old one.
"""

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from index.build import remove, update
from index.embedders import Embedder
from index.errors import IndexBusy, NothingIndexed, UnknownDocument, VraagbaakError
from index.sandbox import Sandbox
from index.store import Store
from index.texts import text

logger = logging.getLogger(__name__)


class Intake:
    """Brings files into the index in `folder`, and takes documents out. Threads may share it."""

    def __init__(self, folder: Path, embedder: Callable[[], Embedder]) -> None:
        """`embedder` gives the one that the index in `folder` was made with."""
        self.folder = folder
        self.uploads = folder / "uploads"
        self._embedder = embedder
        self._sandbox = Sandbox()  # of its own: reading takes long, and pages are drawn meanwhile
        self._worker = ThreadPoolExecutor(1, "intake")
        self._at_hand: list[str] = []
        self.trouble = ""
        """What went wrong with the latest change, in Dutch; empty when it went well."""

    @property
    def at_hand(self) -> str:
        """What is being done, in Dutch; empty when nothing is."""
        return self._at_hand[0] if self._at_hand else ""

    def add(self, file: Path) -> None:
        """Bring a file in, later. A file that cannot be read stands among the refused ones then."""

        def change(store: Store) -> None:
            def report(phase: str, done: int, total: int, name: str) -> None:
                share = f"{done / total:.0%}" if total else ""
                self._at_hand[0] = text(f"editors.{phase}", file=file.name, share=share)

            update(store, [file], self._embedder(), self._sandbox, report=report)

        self._begin(text("editors.read", file=file.name, share=""), change)

    def remove(self, document_id: str) -> None:
        """Take a document out, later, and the file with it if it was brought here."""

        def change(store: Store) -> None:
            found = [entry for entry in store.entries() if entry.id == document_id]
            remove(store, document_id, self._embedder())
            for origin in (Path(origin) for entry in found for origin in entry.origins):
                if origin.is_relative_to(self.uploads.resolve()):
                    origin.unlink(missing_ok=True)

        self._begin(text("editors.removing", document=document_id), change)

    def close(self) -> None:
        """Finish what is at hand and drop what waits."""
        self._worker.shutdown(cancel_futures=True)
        self._sandbox.close()

    def _begin(self, words: str, change: Callable[[Store], None]) -> None:
        self._at_hand.append(words)
        self._worker.submit(self._work, change)

    def _work(self, change: Callable[[Store], None]) -> None:
        self.trouble = ""
        try:
            with closing(Store(self.folder)) as store, store.alone():
                change(store)
        except NothingIndexed:
            pass  # the only file was refused: it stands in the list, with its reason
        except UnknownDocument:
            pass  # somebody else took it out
        except (VraagbaakError, OSError, sqlite3.Error) as error:
            self.trouble = text("editors.busy" if isinstance(error, IndexBusy) else "editors.failed")
            logger.error("A change of the documents failed: %s", error)
        finally:
            del self._at_hand[0]
