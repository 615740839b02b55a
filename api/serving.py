"""Running the application until somebody stops it, and stopping without cutting anyone off mid-sentence."""

import asyncio
from socket import socket

import uvicorn
from fastapi import FastAPI

from api.line import Line

GRACE = 10.0
"""Seconds that the answer which is being written gets after SIGTERM."""


def serve(app: FastAPI, host: str = "127.0.0.1", port: int = 8000, grace: float = GRACE) -> None:
    """Serve `app` until SIGINT or SIGTERM; then finish what is being written, for at most `grace` seconds."""
    server_of(app, host, port, grace).run()


def server_of(app: FastAPI, host: str, port: int, grace: float = GRACE) -> "Server":
    """Return the server that `serve` runs, for who wants to run it in a loop of their own."""
    config = uvicorn.Config(
        app, host=host, port=port, server_header=False, timeout_graceful_shutdown=int(grace) + 3
    )
    return Server(config, app.state.line, grace)


class Server(uvicorn.Server):
    """uvicorn's server, which tells the line to close before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, line: Line, grace: float) -> None:
        super().__init__(config)
        self._line = line
        self._grace = grace

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Send away who is waiting, give the one being served its time, then close everything."""
        self._line.close()
        asyncio.get_running_loop().call_later(self._grace, self._line.close, True)
        await super().shutdown(sockets)
