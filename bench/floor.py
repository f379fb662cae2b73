"""The floor: a shell loop, make and ninja. No server, no log, no durability; make keeps stamps where asked."""
import shutil
import subprocess

from cage import Meter
from lib import write


class Bash:
    name = "bash"
    program = "bash"

    def why_not(self):
        return None if shutil.which(self.program) else f"no {self.program} in the path"

    def version(self):
        return subprocess.check_output(["bash", "-c", "echo $BASH_VERSION"], text=True).strip()

    def version_argv(self):
        return [self.program, "--version"]

    def chain(self, cage, n, work):
        with Meter(cage) as m:
            cage.run(["bash", "-c", f"for ((i=0;i<{n};i++)); do sh -c true; done"])
        return m.row()

    def fanout(self, cage, n, k, work):
        with Meter(cage) as m:
            cage.run(["bash", "-c", f"seq {n} | xargs -P {k} -n 1 sh -c true"])
        return m.row()

    def one_step(self, work, script):
        return ["sh", "-c", script]


class Make(Bash):
    name = program = "make"

    def version(self):
        return subprocess.check_output(["make", "--version"], text=True).splitlines()[0].split()[-1]

    def one_step(self, work, script):
        return ["make", "-s", "-f", write(f"{work}/Makefile", f"all:\n\t@{script}\n")]

    def chain(self, cage, n, work):
        rules = "".join(f"t{i}: t{i - 1}\n\t@sh -c true\n" for i in range(1, n))
        f = write(f"{work}/Makefile", f"all: t{n - 1}\nt0:\n\t@sh -c true\n" + rules)
        with Meter(cage) as m:
            cage.run(["make", "-s", "-f", f, "all"], cwd=work)
        return m.row()

    def fanout(self, cage, n, k, work):
        rules = "".join(f"t{i}:\n\t@sh -c true\n" for i in range(n))
        f = write(f"{work}/Makefile", "all: " + " ".join(f"t{i}" for i in range(n)) + "\n" + rules)
        with Meter(cage) as m:
            cage.run(["make", "-s", f"-j{k}", "-f", f, "all"], cwd=work)
        return m.row()

    def slow(self, cage, n, sleep, trace, work):
        """Chained steps with stamps; the command to start, and to start again."""
        rule = "s{i}: {needs}\n\techo {i} >> {trace}; sleep {sleep}; touch s{i}\n"
        rules = (rule.format(i=i, needs=f"s{i - 1}" if i else "", trace=trace, sleep=sleep) for i in range(n))
        write(f"{work}/Makefile", f"all: s{n - 1}\n" + "".join(rules))
        return ["make", "all"]


class Ninja(Bash):
    name = program = "ninja"

    def version(self):
        return subprocess.check_output(["ninja", "--version"], text=True).strip()

    def one_step(self, work, script):
        return ["ninja", "--quiet", "-f", write(f"{work}/build.ninja", f"rule r\n  command = {script}\nbuild all: r\n")]

    def chain(self, cage, n, work):
        builds = "build t0: r\n" + "".join(f"build t{i}: r t{i - 1}\n" for i in range(1, n))
        return self._build(cage, work, builds, [])

    def fanout(self, cage, n, k, work):
        return self._build(cage, work, "".join(f"build t{i}: r\n" for i in range(n)), [f"-j{k}"])

    def _build(self, cage, work, builds, more):
        write(f"{work}/build.ninja", "rule r\n  command = true\n" + builds)
        with Meter(cage) as m:
            cage.run(["ninja", "--quiet", *more], cwd=work)
        return m.row()
