"""Restate: a server for durable execution (one Rust binary), and a handler in JavaScript. It stores no output."""
import os
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from cage import Meter
from gcl import NODE
from lib import HOME, Bell, free_port, http, lines_in, until, write

MODULES = os.path.join(HOME, "restate/node_modules")
SERVER = os.path.join(MODULES, "@restatedev/restate-server-linux-x64/bin/restate-server")

SERVICE = '''
import * as restate from "@restatedev/restate-sdk";
import { spawn } from "node:child_process";
const sh = (command) => new Promise((ok, no) => {
  const p = spawn("sh", ["-c", command], { stdio: "ignore" });
  p.on("exit", (code) => ok(code));
  p.on("error", no);
});
const bench = restate.service({ name: "bench", handlers: {
  chain: async (ctx, { n, command }) => {
    let ok = 0;
    for (let i = 0; i < n; i++) ok += (await ctx.run("s" + i, () => sh(command.replace("%i", i)))) === 0;
    return ok;
  },
}});
restate.serve({ services: [bench], port: Number(process.env.SVC_PORT) });
'''


class Server:
    def __init__(self, cage, work):
        self.cage, self.work = cage, work
        ingress, admin, node, self.service_port = (free_port() for _ in range(4))
        self.ingress, self.admin = f"http://127.0.0.1:{ingress}", f"http://127.0.0.1:{admin}"
        self.env = dict(
            os.environ,
            RESTATE_BASE_DIR=f"{work}/data",
            RESTATE_INGRESS__BIND_ADDRESS=f"127.0.0.1:{ingress}",
            RESTATE_ADMIN__BIND_ADDRESS=f"127.0.0.1:{admin}",
            RESTATE_BIND_ADDRESS=f"127.0.0.1:{node}",
            RESTATE_BIND_IP="127.0.0.1",
            RESTATE_LISTEN_MODE="tcp",
            RESTATE_LOG_FILTER="warn",
            RESTATE_NODE_NAME="n1",
            RESTATE_DISABLE_TELEMETRY="1",
            RESTATE_LOGGING="ERROR",
            SVC_PORT=str(self.service_port),
            DO_NOT_TRACK="1",
        )
        self.start()
        self._service()

    def start(self):
        log = open(f"{self.work}/restate.log", "ab")
        self.process = self.cage.popen([SERVER], env=self.env, cwd=self.work, stdout=log, stderr=log)
        until(lambda: http(self.ingress + "/restate/health") is None or True, 60, 0.01)
        until(lambda: http(self.admin + "/health") is None or True, 60, 0.01)

    def call(self, n, command="true", send=False):
        return http(self.ingress + "/bench/chain" + ("/send" if send else ""), {"n": n, "command": command}, 900)

    def _service(self):
        home = f"{self.work}/service"
        os.makedirs(home)
        os.symlink(os.path.abspath(MODULES), f"{home}/node_modules")
        write(f"{home}/app.mjs", SERVICE)
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.cage.popen([os.path.abspath(NODE), "app.mjs"], cwd=home, env=self.env, **quiet)
        until(lambda: socket.create_connection(("127.0.0.1", self.service_port)).close() or True, 20)
        where = {"uri": f"http://127.0.0.1:{self.service_port}", "force": True}
        until(lambda: http(self.admin + "/deployments", where) or True, 30)


class Restate:
    name = "restate"

    def why_not(self):
        return None if os.path.exists(SERVER) and os.path.exists(NODE) else "npm did not install it"

    def version(self):
        return subprocess.check_output([SERVER, "--version"], text=True).split()[1]

    def version_argv(self):
        return [SERVER, "--version"]

    def chain(self, cage, n, work):
        server = Server(cage, work)
        server.call(1)
        with Meter(cage) as m:
            ok = server.call(n)
        return m.row(finished=ok)

    def fanout(self, cage, n, k, work):
        """N invocations of one step; the client holds the limit."""
        server = Server(cage, work)
        server.call(1)
        with ThreadPoolExecutor(k) as pool, Meter(cage) as m:
            ok = sum(pool.map(lambda _: server.call(1), range(n)))
        return m.row(finished=ok)

    def dispatch(self, cage, count, work):
        bell = Bell(work)
        server = Server(cage, work)
        server.call(1)
        times = []
        for _ in range(count):
            began = time.monotonic()
            server.call(1, f"echo > {bell.path}", send=True)
            times.append(bell.heard() - began)
            time.sleep(0.05)  # an idle server, not a busy one
        return times

    def crash(self, cage, n, sleep, trace, work, at):
        server = Server(cage, work)
        server.call(n, f"echo %i >> {trace}; sleep {sleep}", send=True)
        until(lambda: len(lines_in(trace)) > at)
        os.kill(server.process.pid, 9)
        server.process.wait()
        time.sleep(1.0)
        began = time.monotonic()
        server.start()
        ready = time.monotonic() - began
        until(lambda: len(set(lines_in(trace))) >= n, 60, 0.1)
        time.sleep(sleep + 0.5)
        return dict(ready=round(ready, 2))
