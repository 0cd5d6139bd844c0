"""Writes RESULTS.md from what was measured."""

import math
from pathlib import Path
from statistics import median

from plot import drawing

EMPTY = "empty view"
NOTE = """\
Milliseconds of one process that answers one request at a time, through Django's test client; the median of all
rounds, and under p99 what 99 in 100 stay below (with fewer than 100 rounds, the longest). “×” is a multiple of the
empty view, measured in the same rounds. “New” is a page of which nothing is kept, “cards kept” one whose entries other
pages have shown, “again” one that was asked for before, “304” the answer to a browser that holds it. README.md says
what is compared, and what is not fair."""


def write(runs: list[dict], out: Path) -> None:
    """Write the report and the plot of some runs into a folder."""
    runs = sorted(runs, key=lambda run: run["size"])
    out.mkdir(parents=True, exist_ok=True)
    parts = [
        "# Speed, measured",
        NOTE,
        "![Cost against size](cost.svg)",
        *(section(run) for run in runs),
    ]
    (out / "RESULTS.md").write_text("\n\n".join(parts) + "\n")
    (out / "cost.svg").write_text(drawing(runs))


def section(run: dict) -> str:
    """Write what was measured at one size."""
    sites = {subject["name"]: subject for subject in run["subjects"]}
    ours = [name for name in sites if name.startswith("this site")]
    machine = "; ".join(f"{name} {value}" for name, value in run["machine"].items())
    made = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in run["made"].items())
    parts = [
        f"## {run['size']:,} made-up entries",
        f"Seed {run['seed']}. {machine}. Making the corpus: {made}. The empty view: "
        f"{empty(sites):.2f} ms"
        f" ({empty(sites, 'bare'):.2f} without the test client).",
        *(f"### {name}\n\n{own_table(run, sites, sites[name])}" for name in ours),
        f"### Beside others\n\n{comparison(run, sites)}",
        f"### Processes\n\n{processes(sites)}",
        f"### Only here\n\n{apart([sites[name] for name in ours])}",
        f"### Where answers differ\n\n{differing(run['different'])}",
    ]
    return "\n\n".join(parts)


def empty(sites: dict[str, dict], way: str = "new") -> float:
    """Return the median of the empty view, over all questions that it was asked between."""
    return median(time for ways in sites[EMPTY]["times"].values() for time in ways[way])


def own_table(run: dict, sites: dict[str, dict], site: dict) -> str:
    """Write what this site took."""
    base, bare, rows = empty(sites), empty(sites, "bare"), []
    client = base - bare  # what the test client itself takes of every request
    for question in run["questions"]:
        ways = site["times"][question]
        new, middle = ways["new"], [median(ways[way]) for way in ("new", "cards", "again", "same")]
        rows.append(
            [
                question,
                f"{middle[0]:.2f}",
                f"{p99(new):.2f}",
                *(f"{each / base:.1f} ×" for each in middle),
                f"{(middle[0] - client) / bare:.0f} ×",
            ]
        )
    again = median(time for ways in site["times"].values() for time in ways["bare"])
    told = (
        f"Again, without the test client: {again:.2f} ms, {again / bare:.1f} × the empty view so."
    )
    head = [
        "page",
        "new, ms",
        "p99",
        "new",
        "cards kept",
        "again",
        "304",
        "new, without the test client",
    ]
    return f"{table(head, rows)}\n\n{told}"


def comparison(run: dict, sites: dict[str, dict]) -> str:
    """Write the medians of all, with how many times dearer than this site on the same database the
    others are.
    """
    names = [name for name in sites if name != EMPTY]
    rows = []
    for question in run["questions"]:
        row = [question]
        for name in names:
            times = sites[name]["times"].get(question, {}).get("new")
            mine = (
                sites.get(counterpart(name, sites), {})
                .get("times", {})
                .get(question, {})
                .get("new")
            )
            row.append(beside(times, mine if name != counterpart(name, sites) else None))
        rows.append(row)
    return table(["page, ms", *names], rows)


def counterpart(name: str, sites: dict[str, dict]) -> str:
    """Return this site on the database that another one uses; Datasette uses SQLite."""
    kind = name.partition(", ")[2] if name.startswith(("this site", "naive")) else "SQLite"
    return f"this site, {kind}"


def beside(times: list[float] | None, mine: list[float] | None) -> str:
    """Write a median, with the ratio to ours and, where it was not asked often, how often."""
    if not times:
        return "–"
    ratio = f" ({median(times) / median(mine):.0f} ×)" if mine else ""
    return f"{median(times):,.1f}{ratio}" + (f", {len(times)} times" if len(times) < 10 else "")


def processes(sites: dict[str, dict]) -> str:
    """Write memory and start of every process."""
    rows = []
    for name, site in sites.items():
        told = site["told"]
        memory = [f"{told[key]:.0f}" if told[key] else "–" for key in ("memory_before", "memory")]
        rows.append([name, *memory, f"{told['ready']:.2f}", f"{told['first_page']:.2f}"])
    return table(
        ["process", "MB after the first page", "MB at the end", "ready, s", "first page, s"], rows
    )


def apart(sites: list[dict]) -> str:
    """Write what only this site was asked."""
    rows = []
    for site in sites:
        told, took = site["told"], site["told"]["renewal"]
        csv = told["table"]
        rows += [
            [site["name"], "JSON, the first 100 entries", f"{median(told['slice']):.1f} ms"],
            [
                "",
                f"CSV of everything, {csv['rows']:,} rows",
                f"{csv['rows_a_second']:,.0f} rows a second",
            ],
            ["", "memory that took over what was held", f"{csv['memory']:.0f} MB"],
            ["", "catalogue renewed after one publication", f"{median(took['ms']):.1f} ms"],
            ["", "catalogue made from nothing", f"{took['from_nothing']:.0f} ms"],
        ]
    return table(["", "what", "measured"], rows)


def differing(found: list[str]) -> str:
    """Write where the sites gave other counts than this one."""
    return (
        "\n".join(f"- {each}" for each in found)
        or "Nowhere: all find as many entries and count the facets alike."
    )


def p99(times: list[float]) -> float:
    """Return the nearest rank of the 99th percentile."""
    return sorted(times)[math.ceil(0.99 * len(times)) - 1]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a table in Markdown, numbers to the right."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
