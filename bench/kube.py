"""A simulated cluster in a process of its own, for the workloads that need one."""
import os
import subprocess
import uuid

from ansflow import BIN
from lib import drop, folder

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../scripts")


def tools():
    """Where kubectl and the helms are; nothing where they cannot be had."""
    found = subprocess.run([f"{SCRIPTS}/kube-tools.sh", "clients"], stdout=subprocess.PIPE, text=True)
    return found.stdout.strip() if found.returncode == 0 else ""


TOOLS = tools()


class Kube:
    def __enter__(self):
        self.home = folder()
        self.config = f"{self.home}/kubeconfig"
        argv = [BIN, "simulate", "--kubeconfig", self.config, "-o", "json"]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        # One object over several lines, when it answers.
        while (line := self.process.stdout.readline()) and line.rstrip() != "}":
            pass
        self.env = dict(KUBECONFIG=self.config, HOME=self.home, PATH=os.environ["PATH"])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        drop(self.home)

    def namespace(self):
        name = "bench-" + uuid.uuid4().hex[:8]
        subprocess.run([f"{TOOLS}/kubectl-1.36.3", "create", "namespace", name], check=True, stdout=subprocess.DEVNULL, env=self.env)
        return name

    def memory_mib(self):
        """What the cluster itself takes."""
        pages = int(open(f"/proc/{self.process.pid}/statm").read().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
