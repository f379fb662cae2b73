"""Works with the server in a container: `work.py ADDRESS first CODE` sets it up and runs a pipeline, `work.py ADDRESS
again` finds all of it after a restart. `work.py ADDRESS port` only names a port that is free."""
import json
import socket
import sys
import time
import urllib.error
import urllib.request

address, what, *code = sys.argv[1:]
PERSON = {"name": "mona", "password": "correct horse battery"}
TEXT = """name: inside
steps:
  - { name: who, type: command, command: 'id -u; git --version; echo kept >note.txt', artifacts: [note.txt] }
"""
cookie = ""


def ask(method, path, body=None):
    global cookie
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", "origin": address, "cookie": cookie}
    request = urllib.request.Request(f"{address}/api/v1/{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            cookie = (answer.headers["set-cookie"] or cookie).split(";")[0]
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        sys.exit(f"{method} {path}: {refused.status} {refused.read().decode()}")


def check(run):
    view = ask("GET", f"runs/{run}")
    assert view["status"] == "success", view
    lines = [line["text"] for line in ask("GET", f"runs/{run}/steps/who/log/lines")["lines"]]
    assert lines[0] == "65532" and lines[1].startswith("git version"), lines
    [kept] = ask("GET", f"runs/{run}/artifacts")["items"]
    assert kept["path"] == "note.txt" and kept["size"] == 5, kept


if what == "port":
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        print(free.getsockname()[1])
elif what == "first":
    ask("POST", "auth/setup", {"code": code[0], **PERSON})
    ask("PUT", "secrets/PASSWORD", {"value": "sealed", "description": ""})
    pipeline = ask("POST", "pipelines", {"text": TEXT, "note": ""})["id"]
    run = ask("POST", f"pipelines/{pipeline}/run", {})["id"]
    for _ in range(300):
        if ask("GET", f"runs/{run}")["status"] not in ("queued", "running", "waiting"):
            break
        time.sleep(0.1)
    check(run)
    print("set up, signed in, and a pipeline has run")
else:
    ask("POST", "auth/login", PERSON)
    assert [secret["name"] for secret in ask("GET", "secrets")["items"]] == ["PASSWORD"]
    assert [pipeline["name"] for pipeline in ask("GET", "pipelines")["items"]] == ["inside"]
    [run] = ask("GET", "runs")["items"]
    check(run["id"])
    again = ask("POST", f"runs/{run['id']}/retry", {})["id"]
    for _ in range(300):
        if ask("GET", f"runs/{again}")["status"] not in ("queued", "running", "waiting"):
            break
        time.sleep(0.1)
    check(again)
    print("after a restart all of it is there, and runs again")
