"""An answer for a browser: Markdown becomes HTML, and nothing that a model or the data wrote is markup.

Tags come from the parser alone. There are no pictures, because a browser would fetch their addresses, and
links lead only to the web and to mail.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto"})
"""Where a link may lead."""


def to_html(markdown: str) -> str:
    """The HTML of an answer: CommonMark with tables and strikethrough."""
    parser = _parser()
    tokens = parser.parse(markdown)
    for token in tokens:
        token.children = _inline(token.children) if token.children is not None else None
        _plain_fence(token)
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Links are judged below, where one that is refused becomes its text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _inline(tokens: Sequence["Token"]) -> list["Token"]:
    """The same line with pictures and refused links in words; other links open beside and tell nothing."""
    found: list[Token] = []
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "image":
            found += _inline(token.children or [])
        elif token.type == "link_open":
            open_links.append(_may_lead(href := str(token.attrs["href"])))
            if open_links[-1]:
                token.attrs = {"href": href, "rel": "noopener noreferrer", "target": "_blank"}
                found.append(token)
        elif token.type != "link_close" or open_links.pop():
            found.append(token)
    return found


def _may_lead(address: str) -> bool:
    """Whether a link may lead there."""
    try:
        return urlsplit(address).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _plain_fence(token: "Token") -> None:
    """A code block's language is no class of the page."""
    if token.type == "fence":
        token.info = ""
