"""AnsFlow itself: `ansflow run FILE`, without a server. ANSFLOW_BIN names the binary."""
import json
import os
import subprocess
import time

from cage import Meter
from lib import count_numbered, lines_in, until, write

BIN = os.environ.get("ANSFLOW_BIN", "")


def pipeline(work, commands, more=""):
    step = "  - name: s{i}\n    type: command\n    command: {command}\n{more}"
    steps = (step.format(i=i, command=json.dumps(command), more=more) for i, command in enumerate(commands))
    return write(f"{work}/pipeline.yml", "name: bench\nsteps:\n" + "".join(steps))


class Ansflow:
    name = "ansflow"

    def why_not(self):
        return None if os.path.exists(BIN) else "ANSFLOW_BIN names no file"

    def version(self):
        return subprocess.check_output([BIN, "version"], text=True).split()[-1]

    def version_argv(self):
        return [BIN, "version"]

    def validate_argv(self, work):
        return [BIN, "validate", pipeline(work, ["true"])]

    def one_step(self, work, script):
        os.environ["XDG_STATE_HOME"] = f"{work}/state"  # its runs lie outside the workspace; here they go with it
        return [BIN, "run", pipeline(work, [script])]

    def chain(self, cage, n, work):
        return self._run(cage, work, pipeline(work, ["true"] * n))

    def fanout(self, cage, n, k, work):
        f = pipeline(work, ["true"] * n, "    needs: []\n")
        return self._run(cage, work, f, "--concurrency", str(k))

    def log(self, cage, path, work):
        row = self._run(cage, work, pipeline(work, ["cat " + path]), memory=True)
        return dict(row, stored=count_numbered(open(f"{work}/out", "rb")))

    def log_plain(self, cage, path, work):
        """Plain lines to nowhere; what is counted is what lies in the run's folder."""
        env = dict(os.environ, XDG_STATE_HOME=f"{work}/state")
        f = pipeline(work, ["cat " + path])
        with Meter(cage, memory=True) as m:
            cage.run([BIN, "run", f], cwd=work, env=env)
        files = [os.path.join(at, name) for at, _, names in os.walk(f"{work}/state") for name in names]
        return m.row(stored=count_numbered(open(max(files, key=os.path.getsize), "rb")))

    def crash(self, cage, n, sleep, trace, work, at):
        """kill -9 of the process that drives the run; the step's own process lives on."""
        env = dict(os.environ, XDG_STATE_HOME=f"{work}/state")
        f = pipeline(work, [f"echo {i} >> {trace}; sleep {sleep}" for i in range(n)])
        events = open(f"{work}/out", "wb")
        process = cage.popen([BIN, "run", f, "-o", "json"], cwd=work, env=env, stdout=events)
        until(lambda: len(lines_in(trace)) > at, every=0.005)
        os.kill(process.pid, 9)
        process.wait()
        run = json.loads(open(f"{work}/out").readline())["run"]
        before = len(lines_in(trace))
        began = time.monotonic()
        again = cage.popen([BIN, "run", "--resume", run, "-o", "json"], cwd=work, env=env, stdout=open(f"{work}/again", "wb"))
        until(lambda: os.path.getsize(f"{work}/again") > 0 or again.poll() is not None, every=0.001)
        ready = time.monotonic() - began
        until(lambda: len(lines_in(trace)) > before, every=0.005)
        next_step = time.monotonic() - began
        if again.wait(120):
            raise RuntimeError(f"the resumed run ended with {again.returncode}")
        return dict(ready=round(ready, 3), resume_to_next_step=round(next_step, 3))

    def _run(self, cage, work, f, *more, memory=False):
        env = dict(os.environ, XDG_STATE_HOME=f"{work}/state")
        with open(f"{work}/out", "wb") as out, Meter(cage, memory) as m:
            cage.run([BIN, "run", f, "-o", "json", *more], cwd=work, env=env, stdout=out)
        finished = 0
        with open(f"{work}/out", "rb") as events:
            for line in events:
                if b'"step_finished"' in line:
                    finished += json.loads(line)["status"] == "success"
        return m.row(finished=finished)
