"""The rules of a set as one page of HTML: per purpose who can get what from whom, and each rule in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from sluis.core.explain import sentence
from sluis.core.matrix import matrix
from sluis.core.plan import shared_with
from sluis.core.rules import Rule, Rulebook
from sluis.core.terms import Purpose

_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:75rem;margin:1rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{border:1px solid #767676;padding:.4rem;text-align:left;vertical-align:top}th{background:#eef1f5}"
)


def page(book: Rulebook, purposes: Iterable[str] = ()) -> str:
    """A page on these purposes, or on all that open a flow. It needs nothing beside it: no script, no other file."""
    asked = [p for p in book.vocabulary.purposes.values() if p.id in (set(purposes) or book.opened)]
    body = "\n".join(part for purpose in asked for part in _purpose(book, purpose))
    return (
        '<!DOCTYPE html>\n<html lang="nl">\n<head><meta charset="utf-8">'
        f"<title>Beleid van Sluis</title><style>{_STYLE}</style></head>\n<body>\n<h1>Beleid van Sluis</h1>\n"
        f"<p>Versie <code>{escape(book.policy)}</code>. Wat hier niet staat, wordt niet verstrekt.</p>\n"
        f"{body}\n</body>\n</html>\n"
    )


def _purpose(book: Rulebook, purpose: Purpose) -> Iterator[str]:
    yield f'<h2 id="{escape(purpose.id)}">{escape(purpose.title)}</h2>'
    yield f"<p>{escape(purpose.law)}. Bewaren: {escape(purpose.retention)}. Doorgeven: {escape(purpose.onward)}.</p>"
    yield f"<table><caption>Wie van wie wat kan krijgen voor {escape(purpose.id)}</caption>"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Van", "Aan", "Hoogstens", "Regels"))
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for cell in matrix(book, purpose.id):
        gives = [f"{category}: {precision.word}" for category, precision in cell.gives.items()]
        columns = (", ".join(cell.providers), ", ".join(cell.requesters), *map("\n".join, (gives, cell.rules)))
        yield f"<tr>{''.join(f'<td>{_lines(column)}</td>' for column in columns)}</tr>"
    yield "</tbody></table>"
    yield from (_rule(book, rule) for rule in book.rules if rule.purpose == purpose.id)


def _rule(book: Rulebook, rule: Rule) -> str:
    shared = "".join(f"<li>{escape(part.title)}</li>" for part in shared_with(book, rule))
    grounds = escape("; ".join(rule.grounds))
    return (
        f'<h3 id="{escape(rule.id)}">{escape(rule.title)}</h3>\n<p>{escape(sentence(rule, book.vocabulary))}</p>\n'
        f"<ul>{shared}</ul>\n<p>Regel <code>{escape(rule.id)}</code>. Grondslag: {grounds}.</p>"
    )


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.splitlines()))
