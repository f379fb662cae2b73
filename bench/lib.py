"""What the workloads share: rows, waiting, folders, the bell, the numbered lines. Settings by environment:

PEERS_HOME    where setup.sh put the peers
BENCH_OUT     the file of rows, one JSON object a line
BENCH_COMMIT  which AnsFlow it is
BENCH_TMP     where the work folders are made: a real disk, or syncing costs nothing
"""
import json
import os
import re
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.request

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that cages are emptied when we are stopped

HOME = os.environ.get("PEERS_HOME", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.cache/bench"))
OUT = os.environ.get("BENCH_OUT", os.path.join(HOME, "rows.jsonl"))


def note(workload, peer, **row):
    """Writes a row down, a bad one too."""
    row = dict(workload=workload, peer=peer, at=time.strftime("%Y-%m-%dT%H:%M:%S"), load1=os.getloadavg()[0], commit=os.environ.get("BENCH_COMMIT"), **row)
    with open(OUT, "a") as file:
        file.write(json.dumps(row) + "\n")
    print(json.dumps(row), flush=True)


class Bell:
    """A FIFO that a step rings with `echo > FIFO`."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "bell")
        os.mkfifo(self.path)
        self.fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def heard(self, timeout=60):
        """The monotonic time at which it rang."""
        if not select.select([self.fd], [], [], timeout)[0]:
            raise TimeoutError("the step never started")
        now = time.monotonic()
        os.read(self.fd, 4096)
        return now


def until(fact, timeout=60, every=0.02):
    """Asks until the answer is yes; an error is not yet one."""
    end, last = time.monotonic() + timeout, None
    while time.monotonic() < end:
        try:
            answer = fact()
            if answer:
                return answer
        except Exception as error:
            last = error
        time.sleep(every)
    raise TimeoutError(f"not within {timeout} s: {last!r}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def http(url, body=None, timeout=60):
    """GET, or POST of JSON; the answer's JSON where it is some."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as response:
        raw = response.read()
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw


def folder():
    base = os.environ.get("BENCH_TMP")
    if base:
        os.makedirs(base, exist_ok=True)
    return tempfile.mkdtemp(prefix="bench-", dir=base)


def drop(path):
    shutil.rmtree(path, ignore_errors=True)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def lines_in(path):
    with open(path) as file:
        return file.read().split()


def percentile(values, p):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(p / 100 * (len(ordered) - 1)))]


WIDTH = 100
NUMBERED = re.compile(rb"(\d{8}) (x{20,})")


def numbered_lines(path, count):
    """A file of numbered lines of 100 bytes each, newline included."""
    fill = "x" * (WIDTH - 10)
    with open(path, "w", buffering=1 << 20) as file:
        for number in range(count):
            file.write(f"{number:08d} {fill}\n")
    return path


def count_numbered(stream):
    """What of numbered_lines came back, whatever was put around each line."""
    seen, lines, damaged, in_order, last = set(), 0, 0, True, -1
    for line in stream:
        match = NUMBERED.search(line)
        if not match:
            damaged += b"xxxxxxxx" in line
            continue
        damaged += len(match.group(2)) != WIDTH - 10
        number = int(match.group(1))
        lines += 1
        seen.add(number)
        in_order &= number == last + 1
        last = number
    return dict(lines=lines, distinct=len(seen), damaged=damaged, in_order=in_order)
