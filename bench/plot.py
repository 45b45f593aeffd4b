"""Bar charts as SVG, legible on light and on dark ground. Standard library only.

A chart is a list of groups; a group has a title and bars of one unit, each with its range over the rounds.
Every group has its own scale, so that bars are compared within a group and never across groups.
"""
from dataclasses import dataclass
from html import escape

WIDTH = 760
LABEL = 120   # Left of the bars, at least.
LETTER = 7.2  # Of a label, on average.
VALUE = 150   # Right of them.
ROW = 20
HEAD = 30

STYLE = """
svg { font: 13px system-ui, sans-serif; background: #fff; color: #1b1b1b }
text { fill: currentColor } .title { font-size: 17px; font-weight: 600 } .group { font-weight: 600 }
.note { opacity: .7 } .bar { fill: #9aa7b5 } .ours { fill: #2f74c0 } .limit { fill: #c9a227 }
.range { stroke: currentColor; stroke-width: 1.5; opacity: .65 }
@media (prefers-color-scheme: dark) { svg { background: #16191d; color: #e6e6e6 }
.bar { fill: #66727f } .ours { fill: #5b9be6 } .limit { fill: #d8b73f } }
"""


@dataclass(frozen=True)
class Bar:
    name: str
    value: float
    low: float
    high: float
    text: str            # What stands behind the bar: the figure with its ratio.
    kind: str = "bar"    # bar, ours or limit: its colour.


@dataclass(frozen=True)
class Group:
    title: str
    bars: list


def _group(group, top, label):
    longest = max(max(bar.high for bar in group.bars), 1e-12)
    scale = (WIDTH - label - VALUE) / longest
    yield f'<text class="group" x="16" y="{top + 18}">{escape(group.title)}</text>'
    for number, bar in enumerate(group.bars):
        y = top + HEAD + number * ROW
        end = label + bar.value * scale
        middle = y + ROW / 2 - 2
        yield f'<text x="{label - 8:.0f}" y="{y + 13}" text-anchor="end">{escape(bar.name)}</text>'
        yield (f'<rect class="{bar.kind}" x="{label:.0f}" y="{y}" rx="2" '
               f'width="{max(1.0, end - label):.1f}" height="{ROW - 4}"/>')
        yield (f'<line class="range" x1="{label + bar.low * scale:.1f}" '
               f'x2="{label + bar.high * scale:.1f}" y1="{middle}" y2="{middle}"/>')
        yield (f'<text x="{label + bar.high * scale + 8:.1f}" y="{y + 13}">{escape(bar.text)}</text>')


def chart(title, note, groups):
    """The chart as the text of an SVG file. The line on each bar is its range over the rounds."""
    parts, top = [], 64
    label = max([LABEL, *(LETTER * len(bar.name) + 24 for group in groups for bar in group.bars)])
    for group in groups:
        parts += _group(group, top, label)
        top += HEAD + len(group.bars) * ROW + 12
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}"'
        f' role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="16" y="28">{escape(title)}</text>',
        f'<text class="note" x="16" y="48">{escape(note)}</text>',
        *parts, "</svg>", ""])
