"""HTML pages for browsers and for people with curl. None of them shows a query."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse


def page(title: str, text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A simple page; `text` is plain text, not HTML."""
    return HTMLResponse(
        "<!DOCTYPE html>\n"
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>\n",
        status,
        headers,
    )
