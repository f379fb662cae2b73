#!/usr/bin/env python3
"""Renders rows as Markdown: `report.py ROWS … FILE`. What was measured, what was not and why, and the aims."""
import json
import os
import platform
import statistics
import sys

TITLES = {
    "w1": "W1 A chain of no-op shell steps",
    "w2": "W2 Independent no-op shell steps, K at a time",
    "w3": "W3 From the trigger to the first process of the step",
    "w4": "W4 One step prints lines of 100 bytes",
    "w6": "W6 kill -9 of the main process in the middle, then start it again",
    "w7": "W7 Command lines, cold",
    "d1": "D1 Containers, one after another",
    "k1": "K1 A tag that does not exist is deployed: when it is known, and what is said",
    "k2": "K2 N objects applied and judged ready",
    "s1": "S1 A server is asked for N runs of 10 steps at once",
    "s2": "S2 The list of runs, with N of them stored",
    "s3": "S3 N followers of one fast log",
    "s4": "S4 A server with nothing to do, and what it weighs",
}

NOTES = {
    "w1": "bash, make, ninja and gitlab-ci-local include their own start, and so does ansflow (process, parsing, its store);"
    " DBOS, Restate and Buildbot are warm, and their start is not counted. DBOS and Restate store no output.",
    "w2": "DBOS polls its queue every 0.01 s here (its default is 1 s). Restate's limit is held by its client.",
    "w3": "ansflow is cold: the time includes starting the binary, reading and checking the file, making the run's store,"
    " storing `run_started` and starting the attempt's process and the shell. bash is the floor of the method."
    " DBOS is dominated by its queue's default poll of 1 s (10 times only).",
    "w4": "Memory is the resident sum of all processes of the run, the step's own included, sampled every 10 ms;"
    " pages that processes share count for each. Buildbot is read 20 s after the end, since it merges chunks in the background.",
    "w6": "make and gitlab-ci-local have no resume: the same command is typed again, 0.8 s later. Ready is the time from the"
    " restart until the tool answers (ansflow: prints the first line).",
    "w7": "From nothing to the end of the process.",
    "d1": "docker is `docker run --rm` with the workspace mounted, called by a shell. Both include their own start; ansflow also its"
    " store, the log and the outputs.",
    "k1": "N is the limit of seconds that each is given. The cluster is the simulated one, in which a pull fails as in recordings of a real"
    " one: ErrImagePull 0.4 s after the pod. ansflow includes its start; of kubectl only `rollout status` counts.",
    "k2": "One in fifty is a Deployment with one pod, the others are ConfigMaps. New includes a dry run of everything, as each does.",
    "s1": "A step sleeps 0.03 s and prints a line. K runs have their turn at once, the server's default; from the first request to"
    " the last end. Overtaken: by how much a run had its turn before one that was asked for earlier, at worst. List: the server"
    " is asked every 0.02 s meanwhile which runs have not ended.",
    "s2": "Over one connection, one after another, 50 runs a page, the client's own time included. 20 pipelines, 502 branches.",
    "s3": "The step prints some 1,500 lines a second. Behind: from printing a line, a step's process and a file in between, to its"
    " arrival at the slowest follower. Memory is the most that the server's process ever had resident. One process reads for"
    " all of them, on the same processors.",
    "s4": "Ready: from starting the process until `/readyz` says so. Work: 5 sign-ins, 20 runs of 10,000 lines, lists and logs."
    " The first page is what a browser that takes gzip is sent before any lazy part;"
    " it is usable when its first field can be typed into, in Chromium with an empty cache, the browser's start not counted.",
}


def span(rows, key, digits=2, scale=1.0):
    """min / median of what the rows say; a dash where they say nothing."""
    values = [row[key] * scale for row in rows if isinstance(row.get(key), (int, float))]
    return f"{min(values):.{digits}f} / {statistics.median(values):.{digits}f}" if values else "–"


def each_of(rows, key):
    """A word if all rows agree, else all of them: runs that disagree must show it."""
    return ", ".join(dict.fromkeys(str(row.get(key, "–")) for row in rows))


def stored(rows):
    def judge(row):
        back = row.get("stored")
        if not back:
            return "–"
        lost = row["n"] - back["distinct"]
        whole = lost == 0 and back["damaged"] == 0 and back["lines"] == row["n"]
        if whole and back["in_order"]:
            return "all, in order"
        return f"{lost} lost, {back['lines'] - back['distinct']} twice, {back['damaged']} damaged"

    return ", ".join(dict.fromkeys(map(judge, rows)))


def finished(rows):
    return ", ".join(dict.fromkeys("all" if row["finished"] == row["n"] else str(row["finished"]) for row in rows if "finished" in row)) or "–"


def per_step(rows):
    return span([dict(row, ms=row["wall"] / row["n"] * 1e3) for row in rows], "ms")


def worst(rows, key):
    """Of the medians of its kinds."""
    kinds = {}
    for row in rows:
        kinds.setdefault(row["what"], []).append(row[key])
    return max(map(statistics.median, kinds.values()), default=None)


COLUMNS = {
    "w1": [("wall s", lambda r: span(r, "wall")), ("CPU s", lambda r: span(r, "cpu")), ("ms a step", per_step), ("done", finished)],
    "w2": [("K", lambda r: each_of(r, "k")), ("wall s", lambda r: span(r, "wall")), ("CPU s", lambda r: span(r, "cpu")), ("done", finished)],
    "w3": [("how", lambda r: each_of(r, "kind"))]
    + [(f"{key} ms", lambda r, key=key: f"{min(row[key] for row in r):.1f}") for key in ("min", "p50", "p95", "max")],
    "w4": [("wall s", lambda r: span(r, "wall", 3)), ("CPU s", lambda r: span(r, "cpu")), ("MiB", lambda r: span(r, "resident_mib", 0)), ("came back", stored)],
    "w6": [("executions", lambda r: each_of(r, "executions")), ("twice", lambda r: each_of(r, "again")), ("ready s", lambda r: span(r, "ready"))],
    "w7": [("ms", lambda r: f"{r[0]['ms_min']:.1f} / {r[0]['ms_median']:.1f}")],
    "d1": [("wall s", lambda r: span(r, "wall")), ("ms a container", per_step)],
    "k1": [("s", lambda r: span(r, "wall")), ("says at last", lambda r: r[-1]["said"].replace("|", "\\|"))],
    "k2": [("wall s", lambda r: span(r, "wall"))],
    "s1": [("K", lambda r: each_of(r, "k")), ("wall s", lambda r: span(r, "wall")), ("their work s", lambda r: each_of(r, "work"))]
    + [("CPU s", lambda r: span(r, "cpu")), ("a run s", lambda r: span(r, "run_p50")), ("the longest s", lambda r: span(r, "run_max"))]
    + [("overtaken ms", lambda r: span(r, "overtaken", 0)), ("list p95 ms", lambda r: span(r, "list_p95", 1)), ("done", finished)],
    "s2": [(f"{key} ms", lambda r, key=key: span(r, key, 1)) for key in ("p50", "p95", "max")] + [("found", lambda r: each_of(r, "items"))],
    "s3": [("lines", lambda r: f"{r[0]['lines']:,}"), ("wall s", lambda r: span(r, "wall", 1)), ("CPU s", lambda r: span(r, "cpu"))]
    + [("idle MiB", lambda r: span(r, "idle_mib", 0)), ("MiB", lambda r: span(r, "mib", 0)), ("behind s", lambda r: span(r, "slowest"))]
    + [("had every line", lambda r: each_of(r, "whole"))],
    "s4": [("ready ms", lambda r: span(r, "ready_ms", 0)), ("MiB", lambda r: span(r, "mib", 1)), ("CPU %", lambda r: span(r, "cpu_percent"))]
    + [("binary MB", lambda r: span(r, "binary_mb", 1)), ("first page kB", lambda r: span(r, "page_kb", 0))]
    + [("usable ms", lambda r: span(r, "usable_ms", 0))],
}


def aims(rows):
    """(aim, what was measured, whether it is met) for AnsFlow; median of the rows of the full size."""

    def ours(workload, **fields):
        good = [r for r in rows if r["workload"] == workload and r["peer"] == "ansflow" and "error" not in r and "not_run" not in r]
        return [r for r in good if all(r.get(key) == value for key, value in fields.items())]

    def median(found, key):
        return statistics.median(row[key] for row in found) if found else None

    def at_most(aim, value, limit, unit):
        return (aim, "not measured" if value is None else f"{value:.1f} {unit}", value is not None and value <= limit)

    chain, shells = median(ours("w1", n=1000), "wall"), [r["wall"] for r in rows if r["workload"] == "w1" and r["peer"] == "bash" and r["n"] == 1000]
    overhead = chain - statistics.median(shells) if chain and shells else None  # 1,000 steps: seconds are ms a step
    durable = [r["wall"] for r in rows if r["workload"] == "w1" and r["peer"] in ("dbos-sqlite", "dbos-postgres", "restate") and r.get("n") == 1000 and "wall" in r]
    logs = ours("w4", n=1_000_000)
    whole = [row for row in logs if stored([row]) == "all, in order"]
    json_log, plain_log = ([row for row in logs if ("what" in row) == plain] for plain in (False, True))
    crash, fan = ours("w6"), ours("w2", n=1000)
    yield at_most("W1: at most 2 ms a step over starting the shell", overhead, 2.0, "ms")
    ahead = None if not chain or not durable else chain < min(durable)
    yield ("W1: ahead of every durable engine", "not measured" if ahead is None else f"{chain:.2f} s; best of them {min(durable):.2f} s", bool(ahead))
    yield at_most("W2: 1,000 over 8 in under 2 s", median(fan, "wall"), 2.0, "s")
    yield at_most("W3: p95 under 10 ms", median(ours("w3"), "p95"), 10.0, "ms")
    yield ("W4: none of 1,000,000 lines lost", f"{len(whole)} of {len(logs)} runs whole and in order", bool(logs) and len(whole) == len(logs))
    for what, found in (("plain", plain_log), ("JSON events to a file", json_log)):
        wall = median(found, "wall")
        yield at_most(f"W4: under 0.5 s ({what})", wall and wall * 1e3, 500.0, "ms")
        yield at_most(f"W4: under 64 MB ({what})", median(found, "resident_mib"), 64 / 1.048576, "MiB")
    yield ("W6: 20 executions", each_of(crash, "executions") if crash else "not measured", bool(crash) and all(row["executions"] == 20 for row in crash))
    yield at_most("W6: the resume takes under a second", median(crash, "ready"), 1.0, "s")
    yield at_most("W7: `ansflow version` under 10 ms", median(ours("w7", what="version"), "ms_median"), 10.0, "ms")
    yield at_most("W7: a one-step run under 30 ms", median(ours("w7", what="one step"), "ms_median"), 30.0, "ms")
    ratio = [median([r for r in rows if r["workload"] == "d1" and r["peer"] == peer and "wall" in r], "wall") for peer in ("ansflow", "docker")]
    yield at_most("D1: a `docker_run` step at most 5 % over `docker run`", (ratio[0] / ratio[1] - 1) * 100 if all(ratio) else None, 5.0, "%")
    verdicts = ours("k1")
    told = [row for row in verdicts if row["said"].startswith("image_pull")]
    yield ("K1: the cause of a wrong tag is named", f"{len(told)} of {len(verdicts)} times", bool(told) and len(told) == len(verdicts))
    yield at_most("K1: within 5 s", median(verdicts, "wall"), 5.0, "s")
    yield at_most("K2: 500 objects in under 5 s", median(ours("k2", n=500, what="new"), "wall"), 5.0, "s")
    many, lists, followers, idle = ours("s1", n=100), ours("s2", n=100_000), ours("s3", n=500), ours("s4")
    ended = sum(row["finished"] for row in many)
    beside = f" in {median(many, 'wall'):.1f} s, beside {median(many, 'work'):.0f} s of work over {each_of(many, 'k')}" if many else ""
    yield ("S1: 100 runs of 10 steps at once, all end well", f"{ended} of {100 * len(many)}{beside}", bool(many) and ended == 100 * len(many))
    yield at_most("S2: p95 under 20 ms, the slowest question", worst(lists, "p95"), 20.0, "ms")
    yield at_most("S3: 500 followers, under 200 MB", median(followers, "mib"), 200 / 1.048576, "MiB")
    yield at_most("S3: nobody more than a second behind", median(followers, "slowest"), 1.0, "s")
    whole = [row for row in followers if row["whole"] == row["n"]]
    yield ("S3: everybody has every line", f"{len(whole)} of {len(followers)} times", bool(followers) and len(whole) == len(followers))
    yield at_most("S4: ready in under 150 ms", median(ours("s4", what="just started"), "ready_ms"), 150.0, "ms")
    for what in ("just started", "after some work"):
        yield at_most(f"S4: under 40 MB ({what})", median(ours("s4", what=what), "mib"), 40 / 1.048576, "MiB")
    yield at_most("S4: 0 % of a processor", max((row["cpu_percent"] for row in idle if "cpu_percent" in row), default=None), 0.05, "%")
    yield at_most("S4: binary with its UI under 40 MB", median(ours("s4", what="sizes"), "binary_mb"), 40.0, "MB")
    yield at_most("S4: first page under 500 kB gzip", median(ours("s4", what="sizes"), "page_kb"), 500.0, "kB")
    yield at_most("S4: first page usable in under a second", median([row for row in idle if row.get("usable_ms")], "usable_ms"), 1000.0, "ms")


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = next((line.split("=")[1].strip().strip('"') for line in open("/etc/os-release") if line.startswith("PRETTY_NAME")), "Linux")
    return f"{os.cpu_count()} × {cpu}, {memory:.0f} GiB, {system}, kernel {platform.release().split('-')[0]}"


def table(workload, rows):
    groups = {}
    for row in rows:
        if row["workload"] == workload:
            groups.setdefault((row["peer"], row.get("what", ""), row.get("n")), []).append(row)
    columns = COLUMNS[workload]
    yield "| tool | N | runs | " + " | ".join(title for title, _ in columns) + " |"
    yield "|---" * (3 + len(columns)) + "|"
    for (peer, what, n), found in groups.items():
        good = [row for row in found if "error" not in row and "not_run" not in row]
        name = f"**{peer}**" if peer == "ansflow" else peer
        label = f"{name}, {what}" if what else name
        if good:
            yield f"| {label} | {n:,} | {len(good)} | " + " | ".join(cell(good) for _, cell in columns) + " |"
        for reason in dict.fromkeys(row.get("not_run") or row.get("error") for row in found if row not in good):
            kind = "NOT RUN" if any("not_run" in row for row in found) else "FAILED"
            text = " ".join(str(reason).split()).replace("|", "\\|").replace(os.getcwd(), ".")
            yield f"| {label} | {n:,} | {len(found) - len(good)} | {kind}: {text} |" + " |" * (len(columns) - 1)


def occasion(rows):
    """When, under what load, and of which AnsFlow."""
    load, commits = [row["load1"] for row in rows], dict.fromkeys(row.get("commit") or "no commit" for row in rows)
    times = sorted(row["at"] for row in rows)
    names = dict.fromkeys(row["workload"][0].upper() for row in rows)
    return f"{'/'.join(names)}: {times[0][:10]}, {times[0][11:16]}–{times[-1][11:16]}, load {min(load):.1f}–{max(load):.1f}, AnsFlow at {', '.join(commits)}."


def report(parts):
    rows = [row for part in parts for row in part]
    versions = dict(sorted({row["peer"]: row["version"] for row in rows if row.get("version")}.items()))
    yield "# Benchmarks\n"
    yield "Written by `make bench`; edit [report.py](../bench/report.py), not this.\n"
    yield f"{machine()}. " + " ".join(occasion(part) for part in parts if part) + "\n"
    yield "Versions: " + ", ".join(f"{peer} {version}" for peer, version in versions.items()) + ".\n"
    yield "Cells with two figures are minimum / median. Few repetitions, one machine, no significance claimed; tools are measured in turn."
    yield "What a row includes differs from tool to tool: the notes under each table say how.\n"
    yield "## Aims\n\n| aim | measured (median) | |\n|---|---|---|"
    for aim, measured, met in aims(rows):
        yield f"| {aim} | {measured} | {'met' if met else '–' if measured.startswith(('not measured', '0 of 0')) else '**missed**'} |"
    for workload, title in TITLES.items():
        if any(row["workload"] == workload for row in rows):
            yield f"\n## {title}\n"
            yield from table(workload, rows)
            yield "\n" + NOTES[workload]


if __name__ == "__main__":
    *sources, target = sys.argv[1:]
    text = "\n".join(report([[json.loads(line) for line in open(source)] for source in sources if os.path.exists(source)])) + "\n"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w") as file:
        file.write(text)
    print(text)
