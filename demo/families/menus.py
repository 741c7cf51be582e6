"""Menus, breadcrumbs and columns that stand around the lists of several families."""

from __future__ import annotations

from html import escape


def menu(*links: tuple[str, str], name: str = "nav") -> str:
    """A menu of links: address and text."""
    return f'<ul class="{name}">' + "".join(f'<li><a href="{escape(href)}">{escape(text)}</a></li>' for href, text in links) + "</ul>"


def crumbs(*names: str) -> str:
    """Where the reader is."""
    return '<div class="position">当前位置:<a href="/">首页</a>' + "".join(f" &gt; {escape(name)}" for name in names) + "</div>"


def number(text: str | None, default: int) -> int:
    """A number that was sent, or the default."""
    return int(text) if text and text.isdecimal() and len(text) < 9 else default
