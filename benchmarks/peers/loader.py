"""One system takes a folder of PDFs in and ranks pages for questions, in a process of its own.

    python benchmarks/peers/loader.py SYSTEM < job.json > result.json

LangChain and LlamaIndex run as their own first examples have them; nothing of the project is imported for
them. Importing and loading the model come before the clock runs. benchmarks/ingest.py starts this.
"""

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

Page = tuple[str, int]
Search = Callable[[str], list[Page]]
"""Question in, pages out, best first: file name without ending, number from 1; a page may come again."""
Ingest = Callable[[], tuple[int, Search, float]]
"""Take the folder in; return the number of pages, how to search, and the peak memory of a child in MB."""

DEPTH = 50
"""Passages that are asked for."""
QUERY, DOCUMENT = "task: search result | query: ", "title: none | text: "
"""What embeddinggemma-300m was trained to have before a text; its own configuration names them so."""


def vraagbaak(job: dict) -> Ingest:
    from index.build import update
    from index.embedders import SentenceEmbedder
    from index.index import Index
    from index.sandbox import Sandbox
    from index.store import Store
    from rag.assistant import Assistant
    from rag.generators import Extractive

    embedder = SentenceEmbedder(Path(job["model"]), threads=job["threads"], precision=job["precision"])
    embedder.embed_query("klaar")

    def ingest() -> tuple[int, Search, float]:
        data = Path(job["data"])
        store = Store(data, create=True)
        with Sandbox() as sandbox:
            update(store, [Path(job["folder"])], embedder, sandbox)
            child = memory(sandbox.child)
        store.close()
        index = Index.open(data, embedder)
        assistant = Assistant(index, Extractive())

        def search(question: str) -> list[Page]:
            hits = assistant.search(question, DEPTH)
            return [
                (Path(hit.document.file).stem, hit.document.page_at(hit.passage.focus[0]).number)
                for hit in hits
            ]

        return sum(len(document.pages) for document in index.documents), search, child

    return ingest


def langchain(job: dict) -> Ingest:
    from langchain_community.document_loaders import PyPDFDirectoryLoader
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    told = {"encode_kwargs": {"prompt": DOCUMENT}, "query_encode_kwargs": {"prompt": QUERY}}
    embeddings = HuggingFaceEmbeddings(
        model_name=job["model"], model_kwargs={"device": "cpu"}, **(told if job["prompts"] else {})
    )
    embeddings.embed_query("klaar")

    def ingest() -> tuple[int, Search, float]:
        pages = PyPDFDirectoryLoader(job["folder"]).load()
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        store = FAISS.from_documents(splitter.split_documents(pages), embeddings)

        def search(question: str) -> list[Page]:
            found = store.similarity_search(question, k=DEPTH)
            return [(Path(chunk.metadata["source"]).stem, chunk.metadata["page"] + 1) for chunk in found]

        return len(pages), search, 0.0

    return ingest


def llamaindex(job: dict) -> Ingest:
    from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    told = {"query_instruction": QUERY, "text_instruction": DOCUMENT}
    model = HuggingFaceEmbedding(model_name=job["model"], device="cpu", **(told if job["prompts"] else {}))
    model.get_query_embedding("klaar")

    def ingest() -> tuple[int, Search, float]:
        pages = SimpleDirectoryReader(job["folder"]).load_data()
        retriever = VectorStoreIndex.from_documents(pages, embed_model=model).as_retriever(
            similarity_top_k=DEPTH
        )
        # It keeps the label of a page, which is what is printed on it: numbers are counted here.
        places, counted = {}, Counter()
        for page in pages:
            name = Path(page.metadata["file_name"]).stem
            counted[name] += 1
            places[page.id_] = (name, counted[name])

        def search(question: str) -> list[Page]:
            return [places[found.node.ref_doc_id] for found in retriever.retrieve(question)]

        return len(pages), search, 0.0

    return ingest


PACKAGES = {
    "vraagbaak": ("vraagbaak",),
    "langchain": ("langchain-community", "langchain-text-splitters", "langchain-huggingface", "pypdf"),
    "llamaindex": ("llama-index-core", "llama-index-embeddings-huggingface", "pypdf"),
}


def main() -> None:
    system = sys.argv[1]
    job = json.load(sys.stdin)
    import torch

    torch.set_num_threads(job["threads"])
    ingest = globals()[system](job)
    cpu, began = processor(), time.perf_counter()
    pages, search, others = ingest()
    taken = {"seconds": time.perf_counter() - began, "cpu_seconds": processor() - cpu}
    peak = memory("self") + others
    ranked = [list(dict.fromkeys(search(question))) for question in job["questions"]]
    sys.stdout.write(
        json.dumps(
            {
                **taken,
                "pages": pages,
                "memory_mb": peak,
                "ranked": ranked,
                "versions": {name: version(name) for name in (*PACKAGES[system], "torch", "transformers")},
            }
        )
    )


def processor() -> float:
    """Return the seconds of processor time of this process and of its children that have ended."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def memory(process: int | str) -> float:
    """Return the most memory that a process has held, in MB (Linux).

    Not by getrusage: there a child begins with what its parent held when it was started.
    """
    status = Path(f"/proc/{process}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
