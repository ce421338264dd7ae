"""What time it is for the service."""

import datetime as dt
import json
import os
from urllib.parse import urlsplit

from buzzeasy_soap.config import is_loopback


def service_now() -> dt.datetime:
    """The current time of a sandbox on this machine, whose clock may be set; else the real time."""
    url = os.environ.get("BUZZEASY_CALLBACK_URL", "").strip()
    if is_loopback(url):
        import urllib.request

        parts = urlsplit(url)
        # This machine is never reached through a proxy.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{parts.scheme}://{parts.netloc}/sandbox/clock", timeout=2) as reply:
                return dt.datetime.fromisoformat(json.load(reply)["now"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # not a sandbox
    return dt.datetime.now(dt.UTC)
