"""Pushes the expected waiting time each minute, from a file into which the PBX writes whole minutes.

pip install "buzzeasy-soap"
export BUZZEASY_…   # as printed by `buzzeasy sandbox`
python ewt_pusher.py waiting-time.txt
"""

import logging
import sys
import time
from pathlib import Path

from buzzeasy_soap import BuzzeasyClient, BuzzeasyError

log = logging.getLogger("ewt_pusher")


def push(client: BuzzeasyClient, source: Path) -> None:
    """Push once. What goes wrong is logged: the next minute is another chance."""
    try:
        minutes = int(source.read_text())
        client.update_ewt_record(minutes)
        log.info("EWT set to %d min", minutes)
    except (OSError, ValueError, BuzzeasyError) as error:  # an EWT set twice does no harm
        log.warning("EWT not set: %s", error)


def main(source: Path, every: float = 60.0) -> None:
    """Push every minute, until the program is stopped."""
    with BuzzeasyClient.from_env(timeout=30) as client:
        due = time.monotonic()
        while True:
            push(client, source)
            due += every  # from the plan, not from now: the time that a push takes does not add up
            time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main(Path(sys.argv[1]), *map(float, sys.argv[2:]))
