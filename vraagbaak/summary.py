"""What an update did, told in the terminal: every file that is new, changed, gone or refused, by name."""

from typing import TYPE_CHECKING

from vraagbaak.terminal import Terminal

if TYPE_CHECKING:
    from index.build import Summary
    from index.store import Store


def show_summary(terminal: Terminal, summary: "Summary", store: "Store") -> None:
    """Tell what an update did, as JSON if that is asked for."""
    total = len(store.entries())
    if terminal.as_json:
        terminal.emit(_as_json(summary) | {"documents": total})
        return
    for word, names in (
        ("added", summary.added),
        ("changed", summary.changed),
        ("removed", summary.removed),
    ):
        for name in names:
            terminal.line(f"{word:<10}{name}")
    for name, before in sorted(summary.moved.items()):
        terminal.line(f"{'moved':<10}{name} (was {before})")
    for name, original in sorted(summary.copies.items()):
        terminal.line(f"{'copy':<10}{name} (of {original})")
    for name, reason in sorted(summary.refused.items()):
        terminal.line(f"{'refused':<10}{name}: {reason}")
    for name, notices in sorted(summary.notices.items()):
        for notice in notices:
            terminal.line(f"{'notice':<10}{name}: {notice}")
    counts = ", ".join(
        f"{len(names)} {word}"
        for word, names in (
            ("added", summary.added),
            ("changed", summary.changed),
            ("unchanged", summary.unchanged),
            ("moved", summary.moved),
            ("copies", summary.copies),
            ("removed", summary.removed),
            ("refused", summary.refused),
        )
        if names or word in ("added", "changed", "unchanged", "removed", "refused")
    )
    terminal.line(f"{counts}. {total} document{'s' if total != 1 else ''} in {store.folder}.")


def _as_json(summary: "Summary") -> dict[str, object]:
    return {
        "added": list(summary.added),
        "changed": list(summary.changed),
        "unchanged": list(summary.unchanged),
        "removed": list(summary.removed),
        "moved": dict(summary.moved),
        "copies": dict(summary.copies),
        "refused": [{"file": name, "reason": reason} for name, reason in sorted(summary.refused.items())],
        "notices": [
            {"file": name, "notice": notice}
            for name, notices in sorted(summary.notices.items())
            for notice in notices
        ],
        "embedded": summary.embedded,
        "generation": summary.generation,
    }
