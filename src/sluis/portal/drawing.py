"""Charts as shapes: where each bar stands. The template writes them as SVG with classes: no page carries a style or a script.

Every number of a chart stands in the table beside it; a chart says nothing of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 230
_LEFT, _TOP, _BOTTOM = 44, 10, 30
_STEPS = (1, 2, 5)
_TICKS = 5
_CROWDED = 16
"""With more columns than this, not each gets its label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, in the units of the drawing. `tone` says what it counts."""

    x: str
    y: str
    width: str
    height: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A word at a place: a number beside a line across the chart, or the name of a column."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns of stacked bars, with lines across and names under them."""

    width: int
    height: int
    left: int
    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    names: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column before it is drawn: its name, and (count, tone) from the bottom up."""

    name: str
    parts: tuple[tuple[int, str], ...]


def columns_of(columns: Sequence[Column]) -> Chart:
    """The columns drawn to one scale."""
    top = ceiling(max((sum(count for count, _ in column.parts) for column in columns), default=0))
    floor, slot = HEIGHT - _BOTTOM, (WIDTH - _LEFT) / max(1, len(columns))
    bars: list[Bar] = []
    for number, column in enumerate(columns):
        base = float(floor)
        for count, tone in column.parts:
            tall = (floor - _TOP) * count / top
            base -= tall
            if count:
                bars.append(_bar(_LEFT + slot * (number + 0.14), base, slot * 0.72, tall, tone))
    every = 1 + len(columns) // _CROWDED
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        bars=tuple(bars),
        lines=tuple(_line(value, top, floor) for value in range(0, top + 1, _step(top))),
        names=tuple(
            Mark(x=_short(_LEFT + slot * (number + 0.5)), y=str(HEIGHT - 10), text=column.name)
            for number, column in enumerate(columns)
            if (len(columns) - 1 - number) % every == 0
        ),
    )


def row_of(parts: Sequence[tuple[int, str]], most: int) -> tuple[Bar, ...]:
    """Bars side by side in a strip of 100 by 10, where `most` is the whole width."""
    bars, at = [], 0.0
    for count, tone in parts:
        wide = 100 * count / max(1, most)
        if count:
            bars.append(_bar(at, 0, wide, 10, tone))
        at += wide
    return tuple(bars)


def ceiling(most: int) -> int:
    """The number at the top of a scale: the first multiple of its step that reaches `most`, and at least 1."""
    step = _step(max(1, most))
    return max(step, -(-most // step) * step)


def _step(top: int) -> int:
    """The step between the lines of a scale: 1, 2 or 5 times a power of ten, for at most five lines above the floor."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _TICKS >= top:
                return step * power
        power *= 10


def _line(value: int, top: int, floor: int) -> Mark:
    return Mark(x=str(_LEFT - 8), y=_short(floor - (floor - _TOP) * value / top), text=str(value))


def _bar(x: float, y: float, width: float, height: float, tone: str) -> Bar:
    return Bar(x=_short(x), y=_short(y), width=_short(width), height=_short(height), tone=tone)


def _short(value: float) -> str:
    """A number with at most one decimal: what a screen can show."""
    return f"{value:.1f}".removesuffix(".0")
