"""A proxy in front of several instances of the site, as one that balances connections (TCP)."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from threading import Thread


class Proxy:
    """Hands each new connection to the next of the instances that are not left out."""

    def __init__(self, ports: Iterable[int]):
        self.ports, self.left_out, self.turns = list(ports), set(), count()
        self.port = 0

    def next_port(self) -> int:
        """Return the port of the instance whose turn it is."""
        serving = [port for port in self.ports if port not in self.left_out]
        return serving[next(self.turns) % len(serving)]

    @contextmanager
    def without(self, port: int) -> Iterator[None]:
        """Lead no new connection to an instance until the block ends."""
        self.left_out.add(port)
        yield
        self.left_out.discard(port)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what each side sends until one of them hangs up."""
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self.next_port())
            await asyncio.gather(pass_on(reader, back), pass_on(there, writer))
        writer.close()

    @contextmanager
    def serve(self) -> Iterator[None]:
        """Serve from a thread of its own, at `port`, until the block ends."""
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self.handle, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        thread = Thread(target=loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.run_until_complete(end(server))
            loop.close()


async def end(server: asyncio.Server) -> None:
    """Take no more connections, and drop those that there are."""
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Write all that is read, then hang up."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
