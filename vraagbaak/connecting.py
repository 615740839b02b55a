"""`vraagbaak mcp`: tools for an assistant that starts this process and speaks MCP with it."""

from importlib.metadata import version

import typer

from vraagbaak.session import begin


def mcp(context: typer.Context) -> None:
    """Speak MCP on stdin and stdout, for an assistant on this machine: search, ask, fetch."""
    session = begin(context)
    import anyio

    from api.line import Line
    from api.service import Service
    from api.tools import mcp_server
    from vraagbaak.assembly import make_assistant, make_feedback
    from vraagbaak.serving import renewing, warn

    assistant, feedback = make_assistant(session.settings), make_feedback(session.settings)
    service = Service(assistant, Line(), [feedback.note] if feedback else [])
    warn(assistant)
    with renewing(assistant, session.settings.data):
        anyio.run(mcp_server(service, version("vraagbaak")).run_stdio_async)
