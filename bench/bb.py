"""Buildbot: master and local workers, SQLite, asked over REST. A chain is one build of N steps, a fan-out N builds."""
import os
import subprocess
import time
import urllib.request

from cage import Meter
from lib import HOME, Bell, count_numbered, free_port, http, lines_in, until, write

BIN = os.path.join(HOME, "buildbot/bin/buildbot")

CONFIG = '''
import os
from buildbot.plugins import *
E = os.environ
c = BuildmasterConfig = {}
names = [f"w{i}" for i in range(int(E.get("BB_K", "1")))]
c["workers"] = [worker.LocalWorker(w, max_builds=1) for w in names]  # one build per worker at a time
c["protocols"] = {"null": {}}
def builder(name, commands):
    f = util.BuildFactory()
    for i, command in enumerate(commands):
        f.addStep(steps.ShellCommand(command=["sh", "-c", command], name=f"s{i}", haltOnFailure=True))
    return util.BuilderConfig(name=name, workernames=names, factory=f)
slow = "echo %d >> " + E.get("BB_TRACE", "/dev/null") + "; sleep " + E.get("BB_SLEEP", "0")
c["builders"] = [
    builder("chain", ["true"] * int(E.get("BB_N", "1"))),
    builder("one", ["true"]),
    builder("bell", ["echo > " + E.get("BB_BELL", "/dev/null")]),
    builder("log", ["cat " + E.get("BB_LOG", "/dev/null")]),
    builder("slow", [slow % i for i in range(20)]),
]
c["schedulers"] = [schedulers.ForceScheduler(name=x.name, builderNames=[x.name]) for x in c["builders"]]
c["collapseRequests"] = False
c["www"] = {"port": "tcp:%s:interface=127.0.0.1" % E.get("BB_PORT", "0"), "plugins": {}}
c["buildbotURL"] = "http://127.0.0.1:%s/" % E.get("BB_PORT", "0")
c["db"] = {"db_url": "sqlite:///state.sqlite"}
c["buildbotNetUsageData"] = None
'''


class Master:
    def __init__(self, cage, work, **env):
        self.cage, self.dir, port = cage, f"{work}/m", free_port()
        self.env = dict(os.environ, BB_PORT=str(port), **{key: str(value) for key, value in env.items()})
        subprocess.run([BIN, "create-master", self.dir], check=True, stdout=subprocess.DEVNULL)
        write(f"{self.dir}/master.cfg", CONFIG)
        self.api = f"http://127.0.0.1:{port}/api/v2/"
        self.start()

    def start(self):
        began = time.monotonic()
        pid = f"{self.dir}/twistd.pid"
        if os.path.exists(pid):
            os.unlink(pid)
        log = open(f"{self.dir}/out", "ab")
        self.process = self.cage.popen([BIN, "start", "--nodaemon", self.dir], env=self.env, stdout=log, stderr=log)
        until(lambda: http(self.api + "builders")["builders"] and http(self.api + "workers")["workers"][0]["connected_to"])
        self.ready = time.monotonic() - began

    def force(self, builder):
        body = {"jsonrpc": "2.0", "method": "force", "id": 1, "params": {}}
        return http(self.api + "forceschedulers/" + builder, body)["result"]

    def done(self, builder):
        """Number of the last complete build."""
        query = "?complete=true&limit=1&order=-number&field=number&field=complete"
        builds = http(self.api + f"builders/{builder}/builds{query}")["builds"]
        return builds[0]["number"] if builds else 0

    def results(self, builder):
        builds = http(self.api + f"builders/{builder}/builds?field=number&field=results&field=complete")["builds"]
        return [build["results"] for build in builds if build["complete"]]


class Buildbot:
    name = "buildbot"

    def why_not(self):
        return None if os.path.exists(BIN) else "pip did not install it"

    def version(self):
        return subprocess.check_output([BIN, "--version"], text=True).split()[2]

    def version_argv(self):
        return [BIN, "--version"]

    def validate_argv(self, work):
        return [BIN, "checkconfig", write(f"{work}/master.cfg", CONFIG)]

    def chain(self, cage, n, work):
        master = Master(cage, work, BB_N=n)
        with Meter(cage) as m:
            master.force("chain")
            until(lambda: master.done("chain"), 900, 0.05)
        steps = http(master.api + "builds/1/steps?field=results")["steps"]
        return m.row(finished=sum(step["results"] == 0 for step in steps) - 1)  # one is its own preparation

    def fanout(self, cage, n, k, work):
        master = Master(cage, work, BB_K=k)
        with Meter(cage) as m:
            for _ in range(n):
                master.force("one")
            until(lambda: master.done("one") >= n - k and len(master.results("one")) >= n, 900, 0.25)
        return m.row(finished=master.results("one").count(0))

    def dispatch(self, cage, count, work):
        bell = Bell(work)
        master = Master(cage, work, BB_BELL=bell.path)
        times = []
        for i in range(count):
            began = time.monotonic()
            master.force("bell")
            times.append(bell.heard() - began)
            until(lambda: master.done("bell") > i, 30)
        return times

    def log(self, cage, path, work):
        master = Master(cage, work, BB_LOG=path)
        with Meter(cage, memory=True) as m:
            master.force("log")
            until(lambda: master.done("log"), 900, 0.05)
        time.sleep(float(os.environ.get("BB_SETTLE", "20")))  # it merges chunks in the background after a log ends
        log = http(master.api + "builds/1/steps/1/logs")["logs"][0]["logid"]  # step 0 is its own preparation
        return m.row(stored=count_numbered(urllib.request.urlopen(f"{master.api}logs/{log}/raw")))

    def crash(self, cage, n, sleep, trace, work, at):
        master = Master(cage, work, BB_TRACE=trace, BB_SLEEP=sleep)
        master.force("slow")
        until(lambda: len(lines_in(trace)) > at)
        os.kill(master.process.pid, 9)
        master.process.wait()
        time.sleep(1.0)
        master.start()
        until(lambda: 0 in master.results("slow"), 60, 0.2)
        return dict(ready=round(master.ready, 2))
