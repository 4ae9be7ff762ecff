"""Ruled paper: lines that run through what is written are taken out, the strokes that cross them stay.

Lines of forms and tables are left alone: they keep clear of the writing, and the engine finds its way by them.
"""

import numpy as np

from ocr.clean.sketch import SKETCH_DPI, Sketch
from ocr.imaging import Image, connected, cv2

_LONG = 1.5
"""Inches of an unbroken line; no letter and no underlined word is as long."""

_ACROSS = 0.6
"""Share of the page's width that a rule has at least."""

_FEWEST = 5
"""Rules with writing on them that make ruled paper."""

_LIGHTER = 30
"""Grey levels by which printed rules are lighter than ink, so that the two can be told apart."""

_TOUCHED = 0.06
"""Share of a rule's length that has ink right above or below it, from which it runs through the writing."""


def is_ruled(sketch: Sketch) -> bool:
    """Whether rules across most of the page run through its writing, lighter than it.

    Rules as black as the ink are left in: letters lose more than they gain (.189 to .210 of the words wrong).
    """
    ink, wide = sketch.ink, sketch.ink.shape[1]
    if len(ink) < 8 or not _has_full_rows(ink):
        return False
    lines = _lines(ink, SKETCH_DPI)
    # pieces of one rule, broken by letters, belong together
    _, parts = connected(cv2.dilate(lines, np.ones((3, wide // 3), np.uint8)))
    written = ink & (1 - cv2.dilate(lines, np.ones((3, 1), np.uint8)))
    if not _is_lighter(sketch.small, lines, written):
        return False
    beside = cv2.dilate(written, np.ones((5, 1), np.uint8)) & cv2.dilate(lines, np.ones((3, 1), np.uint8))
    crossed = 0
    for left, top, width, height, _ in parts:
        rule = lines[top : top + height, left : left + width]
        if rule.any(axis=0).sum() < _ACROSS * wide or height > 14:
            continue
        touched = beside[max(0, top - 1) : top + height + 1, left : left + width].any(axis=0).sum()
        crossed += touched > _TOUCHED * rule.any(axis=0).sum()
    return bool(crossed >= _FEWEST)


def _has_full_rows(ink: Image) -> bool:
    """Whether there are rows of ink all across: a first look that takes a millisecond, as most pages have none."""
    near = ink[:-2] | ink[1:-1] | ink[2:]  # a rule that is straight to 0.1 degree stays within three pixels
    full = near.sum(axis=1, dtype=np.int32) >= _ACROSS * ink.shape[1]
    return int((full[1:] & ~full[:-1]).sum()) >= _FEWEST


def without_rules(grey: Image, dpi: float) -> Image:
    """The page without its rules, across and down; the strokes that cross them stay."""
    paper = int(np.median(grey[::8, ::8]))
    dark = (grey < paper - 35).astype(np.uint8)
    clean = grey.copy()
    for turned in (False, True):
        page, ink = (np.ascontiguousarray(image.T if turned else image) for image in (grey, dark))
        band = cv2.dilate(_lines(ink, dpi), np.ones((5, 3), np.uint8))
        gone = (band & (1 - _strokes(page, ink, band))) > 0
        clean[gone.T if turned else gone] = paper
    return clean


def _strokes(page: Image, ink: Image, band: Image) -> Image:
    """What lies in the band of a rule and was written: it is darker than the rule."""
    rule, written = page[(band & ink) > 0], page[(ink & (1 - band)) > 0]
    if not rule.size or not written.size:
        return np.zeros_like(ink)
    between = (float(np.median(rule)) + float(np.percentile(written, 25))) / 2
    strokes: Image = cv2.dilate((page < between).astype(np.uint8), np.ones((3, 3), np.uint8)) & ink
    return strokes


def _is_lighter(page: Image, lines: Image, written: Image) -> bool:
    if not lines.any() or not written.any():
        return False
    return float(np.median(page[lines > 0])) - float(np.percentile(page[written > 0], 25)) > _LIGHTER


def _lines(ink: Image, dpi: float) -> Image:
    """Where long thin lines across are."""
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_LONG * dpi)), np.uint8))
    solid = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((max(4, round(dpi / 30)), 1), np.uint8))
    thin: Image = lines & (1 - solid)  # a bar is no rule
    return thin
