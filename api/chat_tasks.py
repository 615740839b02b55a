"""What chat front ends ask of the same model beside questions: a title, tags, follow-ups, search queries.

Open WebUI and LibreChat send these with each conversation. As questions they would cost a place in the line
each and get "not in the documents" for an answer. They are told by the words of the front ends' templates;
what is given back is at most the person's own question, shortened.
"""

import json
import re
from collections.abc import Mapping

LONGEST_TITLE = 60
"""Characters."""

# Open WebUI: `### Task:` on the first line, and the conversation, or the text to complete, in an element.
_OPEN_WEBUI = re.compile(r"\s*### Task:\s.*<(?:chat_history|text)>", re.DOTALL)
_LIBRECHAT = re.compile(r"\btitle for (?:the|a) conversation\b.*^User: ", re.DOTALL | re.MULTILINE)
_FIRST_QUESTION = re.compile(
    r"^(?:USER|User): (.*?)\s*(?:^(?:ASSISTANT|AI|Assistant): |</chat_history>|\Z)", re.S | re.M
)
# The name that Open WebUI wants in its JSON, and what there is to say.
_WANTED: Mapping[str, object] = {"follow_ups": [], "tags": [], "queries": [], "text": ""}


def task_answer(prompt: str) -> str | None:
    """Return what a front end gets for its task, or None when `prompt` is a question of a person."""
    if _OPEN_WEBUI.match(prompt):
        for name, content in _WANTED.items():
            if f'"{name}"' in prompt:
                return json.dumps({name: content})
        title = _title(prompt)
        return json.dumps({"title": title}, ensure_ascii=False) if '"title"' in prompt else title
    return _title(prompt) if _LIBRECHAT.search(prompt) else None


def _title(prompt: str) -> str:
    found = _FIRST_QUESTION.search(prompt)
    words = found[1].split() if found else []
    title = ""
    for word in words:
        if len(title) + 1 + len(word) > LONGEST_TITLE:
            return f"{title or word[:LONGEST_TITLE]}…"
        title = f"{title} {word}".strip()
    return title
