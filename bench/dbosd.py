"""DBOS: a library for durable execution. A step runs `sh -c true`; its checkpoints are rows. It stores no output."""
import glob
import os
import shutil
import subprocess
import time

from cage import Meter
from lib import HOME, Bell, free_port, lines_in, until, write

PY = os.path.join(HOME, "dbos/bin/python")
POSTGRES = os.path.dirname(shutil.which("initdb") or next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))[::-1]), ""))

APP = '''
import os, subprocess, sys, time
from dbos import DBOS, SetWorkflowID
DBOS(config={"name": "bench", "system_database_url": os.environ["DBOS_URL"], "run_admin_server": False, "log_level": "ERROR"})
@DBOS.step()
def sh(command):
    return subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE).returncode
@DBOS.workflow()
def chain(n, command):
    return sum(sh(command.replace("%i", str(i))) == 0 for i in range(n))
DBOS.launch()
queue = DBOS.register_queue("q", worker_concurrency=int(os.environ["DBOS_K"]), polling_interval_sec=float(os.environ["DBOS_POLL"]))
print("ready", flush=True)
if sys.argv[1:2] == ["start"]:  # start the run only if it is not there yet, then wait for it
    with SetWorkflowID("run-1"):
        run = DBOS.start_workflow(chain, int(sys.argv[2]), sys.argv[3])
    print(run.get_result(), flush=True)
    sys.exit()
for line in sys.stdin:
    what, n, command = line.rstrip("\\n").split("|", 2)
    if what == "chain":
        ok = chain(int(n), command)
    else:
        runs = [queue.enqueue(chain, 1, command) for _ in range(int(n))]
        ok = sum(run.get_result(polling_interval_sec=0.02) for run in runs)
    print(ok, flush=True)
'''


class App:
    def __init__(self, cage, work, pg, k=2, poll=1.0, argv=()):
        self.cage, self.work = cage, work
        write(f"{work}/dbapp.py", APP)
        url = self._postgres() if pg else f"sqlite:///{work}/dbos.sqlite"
        self.env = dict(os.environ, DBOS_URL=url, DBOS_K=str(k), DBOS_POLL=str(poll))
        self.start(*argv)

    def start(self, *argv):
        self.process = self.cage.popen(
            [PY, "dbapp.py", *argv],
            cwd=self.work,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(f"{self.work}/err", "ab"),
            text=True,
        )
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError(open(f"{self.work}/err").read()[-500:])

    def send(self, what, n, command="true"):
        self.process.stdin.write(f"{what}|{n}|{command}\n")
        self.process.stdin.flush()

    def ask(self, what, n):
        self.send(what, n)
        return int(self.process.stdout.readline())

    def _postgres(self):
        """A private cluster with its defaults: fsync and synchronous_commit are on."""
        port, data = free_port(), f"{self.work}/pg"
        os.mkdir(data, 0o700)
        as_user = []
        if os.getuid() == 0:  # it refuses to run as root
            user = next(u for u in ("postgres", "nobody") if subprocess.run(["id", u], capture_output=True).returncode == 0)
            shutil.chown(data, user)
            as_user = ["setpriv", f"--reuid={user}", "--regid=" + subprocess.check_output(["id", "-g", user], text=True).strip(), "--clear-groups"]
            os.chmod(self.work, 0o755)
        quiet = dict(stdout=subprocess.DEVNULL, stderr=open(f"{self.work}/pg.log", "ab"))
        initdb = [*as_user, f"{POSTGRES}/initdb", "-D", data, "-A", "trust", "-U", "postgres"]
        subprocess.run(initdb, check=True, cwd="/", **quiet)
        server = [f"{POSTGRES}/postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        self.cage.popen(as_user + server, cwd="/", **quiet)
        until(lambda: "ready to accept connections" in open(f"{self.work}/pg.log").read(), 30)
        return f"postgresql://postgres@127.0.0.1:{port}/bench"


class Dbos:
    name = "dbos-sqlite"
    pg = False

    def why_not(self):
        if not os.path.exists(PY):
            return "pip did not install it"
        return "no PostgreSQL on this machine" if self.pg and not POSTGRES else None

    def version(self):
        ask = "import importlib.metadata as m; print(m.version('dbos'))"
        return subprocess.check_output([PY, "-c", ask], text=True).strip()

    def version_argv(self):
        return [os.path.join(HOME, "dbos/bin/dbos"), "version"]

    def chain(self, cage, n, work):
        app = App(cage, work, self.pg)
        app.ask("chain", 1)
        with Meter(cage) as m:
            ok = app.ask("chain", n)
        return m.row(finished=ok)

    def fanout(self, cage, n, k, work):
        # By default it looks at the queue once a second and starts K each time.
        app = App(cage, work, self.pg, k, poll=0.01)
        app.ask("queue", 1)
        with Meter(cage) as m:
            ok = app.ask("queue", n)
        return m.row(finished=ok)

    def dispatch(self, cage, count, work):
        bell = Bell(work)
        app = App(cage, work, self.pg)
        app.ask("queue", 1)
        times = []
        for _ in range(min(count, 10)):  # one look a second, so each takes one
            began = time.monotonic()
            app.send("queue", 1, f"echo > {bell.path}")
            times.append(bell.heard() - began)
            app.process.stdout.readline()
        return times

    def crash(self, cage, n, sleep, trace, work, at):
        argv = ("start", str(n), f"echo %i >> {trace}; sleep {sleep}")
        app = App(cage, work, self.pg, argv=argv)
        until(lambda: len(lines_in(trace)) > at)
        os.kill(app.process.pid, 9)
        app.process.wait()
        time.sleep(1.0)
        began = time.monotonic()
        app.start(*argv)
        ready = time.monotonic() - began
        app.process.stdout.readline()
        return dict(ready=round(ready, 2))


class DbosPostgres(Dbos):
    name = "dbos-postgres"
    pg = True
