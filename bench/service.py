"""AnsFlow as a server, for the workloads that need one: on a free port, with an administrator and a token."""
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time

from lib import drop, folder, free_port, until

PASSWORD = "a long enough password"


class Service:
    """A server on a folder of its own; a context manager."""

    def __init__(self, data=None):
        self.data = data or folder()
        self.own = data is None
        self.port = free_port()
        self.process = None
        self.token = None
        self.said = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.own:
            drop(self.data)

    def start(self):
        """Starts it and waits until it is ready: seconds."""
        binary = os.environ["ANSFLOW_BIN"]
        env = {key: value for key, value in os.environ.items() if not key.startswith("ANSFLOW_")}
        began = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "server", "--data-dir", self.data, "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env,
        )
        threading.Thread(target=self._listen, args=(self.process.stderr,), daemon=True).start()
        until(lambda: self.ask("GET", "/readyz", base="")[0] == 200, timeout=30, every=0.002)
        return time.monotonic() - began

    def _listen(self, stderr):
        for line in stderr:
            self.said.append(line)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def restart(self):
        """A fresh process on the same folder, which has worked out no password yet."""
        self.stop()
        return self.start()

    def setup(self):
        """Makes the administrator with the one-time code that the server has printed, and a token."""
        code = until(lambda: re.search(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}\b", "".join(self.said)))[0]
        status, _, headers = self.ask("POST", "auth/setup", {"code": code, "name": "bench", "password": PASSWORD})
        assert status == 201, status
        cookie = headers["set-cookie"].split(";")[0]
        asked = {"name": "bench", "expires_in_days": None, "read_only": False}
        status, made, _ = self.ask("POST", "tokens", asked, {"cookie": cookie})
        assert status == 201, made
        self.token = made["token"]

    def ask(self, method, path, body=None, headers=None, base="/api/v1/"):
        """(status, JSON, headers) of a request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            return request(connection, self, method, base + path, body, headers)
        finally:
            connection.close()

    def create(self, text):
        status, made, _ = self.ask("POST", "pipelines", {"text": text, "note": ""})
        assert status == 201, made
        return made["id"]

    def run(self, pipeline):
        status, made, _ = self.ask("POST", f"pipelines/{pipeline}/run", {})
        assert status == 201, made
        return made["id"]


def request(connection, service, method, path, body=None, headers=None):
    """The same on a connection that is kept."""
    headers = {"origin": f"http://127.0.0.1:{service.port}", "content-type": "application/json", **(headers or {})}
    if service.token:
        headers["authorization"] = f"Bearer {service.token}"
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    raw = answer.read()
    try:
        value = json.loads(raw) if raw else None
    except ValueError:
        value = raw
    return answer.status, value, {key.lower(): value for key, value in answer.getheaders()}


def memory_mib(pid, field="VmRSS"):
    """Resident memory of one process, in MiB; `VmHWM`: the most that it ever was."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":")) / 1024


def cpu_seconds(pid, children=False):
    """Of one process, on request with its children that have ended."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11 : 15 if children else 13])) / os.sysconf("SC_CLK_TCK")
