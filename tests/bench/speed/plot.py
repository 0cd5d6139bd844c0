"""Draws cost against size as SVG, one panel a question, both axes logarithmic."""

import math
from html import escape
from statistics import median

PANELS = ("no filter", "a broad theme", "a word in 35 %")
COLOURS = ("#767676", "#0b57d0", "#7a4fc9", "#c2410c", "#a16207", "#0f766e", "#be185d", "#1f2937")
WIDTH, HEIGHT, GAP, LEFT, TOP = 260, 240, 40, 70, 40
LEGEND = 24  # height of a line of it


def drawing(runs: list[dict]) -> str:
    """Return the plot of some runs."""
    names = list(dict.fromkeys(subject["name"] for run in runs for subject in run["subjects"]))
    lines = {question: curves(runs, question) for question in PANELS}
    points = [point for each in lines.values() for curve in each.values() for point in curve]
    sizes, times = ([point[axis] for point in points] for axis in (0, 1))
    across, up = Scale(sizes, WIDTH), Scale(times, HEIGHT)
    width, height = LEFT + len(PANELS) * (WIDTH + GAP), TOP + HEIGHT + 60 + LEGEND * len(names)
    parts = [
        panel(n, question, lines[question], names, across, up) for n, question in enumerate(PANELS)
    ]
    parts += [legend(n, name) for n, name in enumerate(names)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif"'
        f' font-size="13"><title>Milliseconds a page against entries</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


class Scale:
    """A logarithmic axis of whole powers of ten, so many units long."""

    def __init__(self, values: list[float], length: float):
        self.first, self.length = math.floor(math.log10(min(values))), length
        self.last = max(math.ceil(math.log10(max(values))), self.first + 1)

    def __call__(self, value: float) -> float:
        """Return how far from the beginning a value stands."""
        return (math.log10(value) - self.first) / (self.last - self.first) * self.length

    @property
    def marks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self.first, self.last + 1)]


def curves(runs: list[dict], question: str) -> dict[str, list[tuple[int, float]]]:
    """Return for each site the size and the median of each run, never asked before."""
    found: dict[str, list[tuple[int, float]]] = {}
    for run in runs:
        for subject in run["subjects"]:
            if times := subject["times"].get(question, {}).get("new"):
                found.setdefault(subject["name"], []).append((run["size"], median(times)))
    return found


def panel(n: int, question: str, lines: dict, names: list[str], across: Scale, up: Scale) -> str:
    """Draw one question: axes, and a line for each site."""
    left, bottom = LEFT + n * (WIDTH + GAP), TOP + HEIGHT
    parts = [f'<text x="{left}" y="{TOP - 14}" font-weight="bold">{escape(question)}</text>']
    for mark in up.marks:
        y = bottom - up(mark)
        parts.append(f'<path d="M{left} {y:.1f}h{WIDTH}" stroke="#ddd"/>')
        if n == 0:
            parts.append(
                f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{mark:g} ms</text>'
            )
    for mark in across.marks:
        x = left + across(mark)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{mark:,.0f}</text>')
    for name, points in lines.items():
        colour = COLOURS[names.index(name) % len(COLOURS)]
        places = [(left + across(size), bottom - up(took)) for size, took in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    return "".join(parts)


def legend(n: int, name: str) -> str:
    """Say what a colour stands for."""
    y = TOP + HEIGHT + 56 + n * LEGEND
    colour = COLOURS[n % len(COLOURS)]
    line = f'<path d="M{LEFT} {y - 4}h24" stroke="{colour}" stroke-width="3"/>'
    return f'{line}<text x="{LEFT + 34}" y="{y}">{escape(name)}</text>'
