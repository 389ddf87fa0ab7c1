"""Drawings as rows of plain data, from which the page draws them in the browser.

A layout is kept once for all drawings of the same structure, and each drawing has two of them: one
from left to right and one from top to bottom, so that the shape of the stage can choose.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.views import dot, svg
from autograd.views.cards import Card
from autograd.views.drawing import Arrow, Drawing, Frame
from autograd.views.snapshot import Snapshot
from autograd.views.summary import Summary

ROOM = 450_000  # letters of compressed drawings in one page
PLAIN = 250_000  # letters of drawings up to which a page holds them as they are

Layout = tuple[object, ...]
"""Width, height, `(x, y, w, h)` of each card and frame, `(path, x, y)` of each arrow."""


def directions(asked: str) -> tuple[str, str]:
    """The horizontal and the vertical direction in which a page holds its drawings.

    >>> directions(""), directions("BT")
    (('LR', 'TB'), ('LR', 'BT'))
    """
    return ("RL" if asked == "RL" else "LR"), ("BT" if asked == "BT" else "TB")


@dataclass(slots=True)
class SceneWriter:
    """Turns drawings into rows; `layouts` holds each distinct layout once.

    asked      the direction that the user asked for, "" for none
    constants  whether each drawing also gets layouts with its constants as cards
    both       whether each drawing gets both directions, or the better one only
    """

    snapshot: Snapshot
    asked: str
    constants: bool
    both: bool = True
    layouts: list[Layout] = field(default_factory=list)
    known: dict[Layout, int] = field(default_factory=dict)

    def rows(self, drawing: Drawing) -> dict[str, Any]:
        """One drawing: cards, frames, arrows, captions, and the numbers of its layouts."""
        drawing = with_strips(drawing, self.snapshot)
        full = with_constants(drawing, self.snapshot) if self.constants else drawing
        ways = directions(self.asked) if self.both else (dot.chosen(drawing, self.asked),)
        numbers = [self.number(drawing, way) for way in ways]
        if len(full.cards) > len(drawing.cards):
            numbers += [self.number(full, way) for way in ways]
        return {
            "title": drawing.title,
            "captions": drawing.caption,
            "cards": [card_row(card) for card in full.cards.values()],
            "frames": [[f.key, f.title] for f in dot.frames_in_order(drawing.frame)],
            "arrows": [
                [a.key, a.tail, a.head, a.label, a.tip, " ".join(a.classes)] for a in full.arrows
            ],
            "layouts": numbers,
        }

    def number(self, drawing: Drawing, direction: str) -> int:
        """The number of the layout of a drawing."""
        layout = layout_of(drawing, direction)
        if layout not in self.known:
            self.known[layout] = len(self.layouts)
            self.layouts.append(layout)
        return self.known[layout]


def card_row(card: Card) -> list[object]:
    """A card as the page reads it."""
    classes = " ".join(card.classes)
    return [card.key, card.name, card.tag, card.turn, card.rows, classes, card.tip]


def layout_of(drawing: Drawing, direction: str) -> Layout:
    """The coordinates of everything in a drawing, in its own order, rounded to points."""
    places = svg.placed(drawing, direction)
    cards = []
    for card in drawing.cards.values():
        (x, y), (w, h) = places.cards[card.key], dot.size(card)
        cards.append((round(x - w / 2), round(y - h / 2), round(w), round(h)))
    frames = [
        tuple(round(x) for x in places.frames[frame.key]) if frame.key in places.frames else ()
        for frame in dot.frames_in_order(drawing.frame)
    ]
    arrows = []
    for arrow in drawing.arrows:
        path, at = places.arrows.get(arrow.key, ("", None))
        arrows.append((path, *((round(at[0]), round(at[1])) if at else ())))
    return round(places.width), round(places.height), tuple(cards), tuple(frames), tuple(arrows)


def with_strips(drawing: Drawing, snapshot: Snapshot) -> Drawing:
    """The drawing with a row for the pictures of value and gradient on the card of each array."""

    def with_strip(key: str, card: Card) -> Card:
        plain = key[0] == "n" and "outside" not in card.classes
        if not plain or not isinstance(snapshot.nodes[int(key[1:])].value, Summary):
            return card
        return replace(card, rows=[*card.rows, ("", "strip")])

    return replace(drawing, cards={k: with_strip(k, card) for k, card in drawing.cards.items()})


def with_constants(drawing: Drawing, snapshot: Snapshot) -> Drawing:
    """The drawing with a small card for each constant operand, after the other cards."""
    cards = dict(drawing.cards)
    arrows = list(drawing.arrows)
    homes = {key: frame.key for frame in every_frame(drawing.frame) for key in frame.cards}
    added: dict[str, list[str]] = {}
    for key, card in drawing.cards.items():
        if key[0] != "n" or "outside" in card.classes:
            continue
        for slot, text in snapshot.nodes[int(key[1:])].constants:
            name = f"k{key[1:]}.{slot}"
            cards[name] = Card(name, text, "", "", [], ["constant"], f"constant {text}")
            arrows.append(Arrow(name.replace("k", "a", 1), name, key, "", "", ["constant"]))
            added.setdefault(homes[key], []).append(name)
    if not added:
        return drawing
    frame = frame_with(drawing.frame, added)
    return replace(drawing, cards=cards, arrows=arrows, frame=frame)


def every_frame(frame: Frame) -> list[Frame]:
    """The outermost frame and all frames inside it."""
    return [frame, *dot.frames_in_order(frame)]


def frame_with(frame: Frame, added: dict[str, list[str]]) -> Frame:
    """A copy of the tree of frames with more cards; modules are nested a few levels deep only."""
    inner = [frame_with(child, added) for child in frame.frames]
    return Frame(frame.key, frame.title, frame.cards + added.get(frame.key, []), inner)


def packed_if_large(scenes: dict[str, Any], layouts: list[Layout]) -> dict[str, object]:
    """The fields `scenes` and `moreLayouts`: as they are while small, else compressed.

    What is compressed is unpacked after the page is there, and a scene may open a moment later.
    Beyond `ROOM` boxes go without a drawing, and their operations are shown by copies.
    """
    if len(json_text([scenes, layouts])) <= PLAIN:
        return {"scenes": scenes, "moreLayouts": layouts}
    kept: dict[str, str] = {}
    room = ROOM
    for key, scene in scenes.items():  # those further out come first
        text = packed(scene)
        room -= len(text)
        if room > 0:
            kept[key] = text
    return {"scenes": kept, "moreLayouts": packed(layouts)}


def json_text(data: object) -> str:
    """Strict JSON without spaces."""
    return json.dumps(data, allow_nan=False, ensure_ascii=True, separators=(",", ":"))


def packed(data: object) -> str:
    """JSON, compressed, as letters."""
    return base64.b64encode(zlib.compress(json_text(data).encode(), 6)).decode("ascii")
