"""A process that works on runs, one after the other, for the server that started it.

The server writes a line of JSON to our standard input for everything it wants: first the settings,
then ``{"work": true}`` whenever something may be waiting. We answer with lines on standard output:
``{"ready": true}``, ``{"run": id}`` when we begin one, ``{"done": id}`` when it is over, ``{"idle":
true}`` when nothing waits. A run that is cancelled is stopped by killing us: solvers and compiled
loops listen to nobody. When the server goes away our input ends, and so do we.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import threading
from typing import IO, Any


def main() -> None:
    """Work until standard input ends."""
    replies = _own_output()
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    settings = json.loads(sys.stdin.readline())
    # before all that takes long: a server that is gone takes us along while we still import
    threading.Thread(target=_read, args=(sys.stdin, orders), daemon=True).start()
    from api.compiled import drop_stale
    from api.services import running, warming
    from api.services.shelf import Shelf
    from data.db import make_single_engine

    def say(reply: dict[str, Any]) -> None:
        replies.write(json.dumps(reply) + "\n")
        replies.flush()

    drop_stale()
    engine = make_single_engine(settings["url"])
    shelf = Shelf()
    say({"ready": True})
    warming.warm()
    has_gathered = False
    while True:
        orders.get()
        while True:
            worked_on = running.work_on_next(engine, shelf, lambda run: say({"run": str(run)}))
            if worked_on is None:
                break
            say({"done": str(worked_on)})
        say({"idle": True})
        if not has_gathered and orders.empty():
            running.gather(engine, shelf)
            has_gathered = True


def _own_output() -> IO[str]:
    """Take standard output for ourselves: what libraries print must not look like a reply."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def _read(orders_in: IO[str], orders: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in orders_in:
        orders.put(json.loads(line))
    os._exit(0)  # the server is gone, and nobody wants what we are at


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s worker %(message)s")
    main()
