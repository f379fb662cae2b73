"""A cage for what a peer starts: everything in it is counted, and ended at the end.

With a writable cgroup (root) daemons and orphans are counted and nothing else is. Without one the cage is the
harness's own descendants, orphans included, and CPU time is not known.
"""
import ctypes
import os
import select
import signal
import subprocess
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _cgroup_root():
    """The folder to make a cgroup in, of version 1 (cpuacct) or 2; none where we may not."""
    v1 = v2 = None
    for line in open("/proc/mounts"):
        _, where, kind, options, *_ = line.split()
        if kind == "cgroup2":
            v2 = where
        if kind == "cgroup" and "cpuacct" in options.split(","):
            v1 = where
    root = v1 or v2
    return root if root and os.access(root, os.W_OK) else None


class Cage:
    """Everything started with popen() and all of its descendants."""

    made = 0

    def __init__(self, name):
        Cage.made += 1
        root = _cgroup_root()
        self.path = root and os.path.join(root, f"ansflow-bench-{os.getpid()}-{Cage.made}-{name}")
        if self.path:
            os.mkdir(self.path)

    def popen(self, argv, **how):
        """Starts in the cage, in a session of its own."""
        members = self.path and os.path.join(self.path, "cgroup.procs")

        def enter():
            if members:
                with open(members, "w") as file:
                    file.write("0")

        how.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(argv, preexec_fn=enter, start_new_session=True, **how)

    def warm(self):
        """The kernel may take 18 ms to move a process into a group that nobody has entered for a moment. That is a cost of
        the cage and of no tool, so somebody enters before a start is timed."""
        self.popen(["true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait()

    def run(self, argv, check=True, timeout=900, **how):
        """Starts, waits, and returns (exit code, stdout, stderr)."""
        how.setdefault("stdout", subprocess.DEVNULL)
        how.setdefault("stderr", subprocess.DEVNULL)
        process = self.popen(argv, **how)
        try:
            if process.stdout is None and process.stderr is None:
                _wait(process, timeout)
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        if check and process.returncode:
            tail = (err or out or b"")[-300:]
            raise RuntimeError(f"{argv[:3]} ended with {process.returncode}: {tail!r}")
        return process.returncode, out, err

    def cpu(self):
        """Seconds of CPU so far; none where it is not known."""
        if not self.path:
            return None
        usage = os.path.join(self.path, "cpuacct.usage")
        if os.path.exists(usage):
            return int(open(usage).read()) / 1e9
        for line in open(os.path.join(self.path, "cpu.stat")):
            if line.startswith("usage_usec"):
                return int(line.split()[1]) / 1e6
        return None

    def pids(self):
        """The processes that are in it now."""
        if self.path:
            return [int(pid) for pid in open(os.path.join(self.path, "cgroup.procs")).read().split()]
        return _descendants(os.getpid())

    def resident(self):
        """MiB that its processes hold now; pages they share count for each."""
        pages = 0
        for pid in self.pids():
            try:
                pages += int(open(f"/proc/{pid}/statm").read().split()[1])
            except (OSError, IndexError):
                pass
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def kill(self):
        """Ends all of it."""
        for _ in range(200):
            pids = self.pids()
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not pids:
                return
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        for _ in range(100):
            try:
                if self.path:
                    os.rmdir(self.path)
                return
            except OSError:
                time.sleep(0.02)


def _wait(process, timeout):
    """Until the process has ended, to the microsecond: with a time limit Python itself looks every 50 ms only."""
    end = os.pidfd_open(process.pid)
    try:
        if not select.select([end], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(process.args, timeout)
    finally:
        os.close(end)


def _descendants(root):
    parents = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        except OSError:
            continue
        if stat[0] != "Z":
            parents[int(pid)] = int(stat[1])
    found, todo = [], [root]
    while todo:
        parent = todo.pop()
        children = [pid for pid, its in parents.items() if its == parent]
        found += children
        todo += children
    return found


class Meter:
    """`with Meter(cage) as m: …` and then m.wall and m.cpu in seconds, m.resident in MiB (sampled, the most)."""

    def __init__(self, cage, memory=False):
        self.cage, self.memory, self.resident = cage, memory, None

    def __enter__(self):
        self.done = threading.Event()
        self.sampler = threading.Thread(target=self._sample, daemon=True)
        if self.memory:
            self.resident = 0.0
            self.sampler.start()
        self.cpu_before, self.began = self.cage.cpu(), time.monotonic()
        return self

    def __exit__(self, *_):
        self.wall = time.monotonic() - self.began
        self.cpu = None if self.cpu_before is None else self.cage.cpu() - self.cpu_before
        self.done.set()
        if self.memory:
            self.sampler.join()

    def _sample(self):
        while not self.done.wait(0.01):
            self.resident = max(self.resident, self.cage.resident())

    def row(self, **extra):
        """The measurement as a row."""
        row = dict(wall=round(self.wall, 4), **extra)
        if self.cpu is not None:
            row["cpu"] = round(self.cpu, 4)
        if self.resident is not None:
            row["resident_mib"] = round(self.resident, 1)
        return row
