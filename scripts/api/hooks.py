"""What the fuzzer knows beforehand, as its hooks: ids that exist, so that requests get behind the first 404, and what it
must not take away, which is its own token and those things. Half of the requests stay as they were made up."""
import json
import os
import urllib.request
import zlib

import schemathesis

ADDRESS, TOKEN = os.environ["ANSFLOW_API_ADDRESS"], os.environ["ANSFLOW_API_TOKEN"]
TEXT = "name: {name}\nvariables: {{ who: world }}\nsteps:\n  - {{ name: say, type: command, command: 'echo {{{{ who }}}}', when: manual }}\n"


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{ADDRESS}/api/v1/{path}", data, headers, method=method)) as answer:
        return json.loads(answer.read() or b"null")


APPROVAL = """name: asked
steps:
  - { name: build, type: command, command: "mkdir out && echo kept >out/kept.txt", artifacts: [out/**] }
  - { name: ship, type: command, command: echo shipped, approval: { required: 3 } }
"""
asked = ask("POST", "pipelines", {"text": APPROVAL, "note": ""})["id"]
run = ask("POST", f"pipelines/{asked}/run", {})["id"]
chat = {"name": "chat", "kind": "webhook", "enabled": False, "events": ["failure"], "pipelines": [], "to": []}
chat = ask("POST", "notifications", {**chat, "url": "http://127.0.0.1:9/", "signing_secret": None})["id"]
git = {"host": "git.example.com", "kind": "password", "username": "mona", "secret": "a secret"}
git = ask("POST", "git-credentials", git)["id"]
ask("PUT", "secrets/PASSWORD", {"value": "a secret", "description": ""})
own = [token["id"] for token in ask("GET", "tokens")["items"]]
KNOWN = {"pipelines": asked, "runs": run, "notifications": chat, "git-credentials": git, "secrets": "PASSWORD"}
KEPT = {*KNOWN.values(), *own}
PARTS = {"name": "build", "step": "build", "attempt": 1, "version": 1, "path": "out/kept.txt"}


def half(what, of=2):
    return zlib.crc32(repr(what).encode(errors="replace")) % of == 0


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters or half(path_parameters):
        return path_parameters
    resource = context.operation.path.removeprefix("/api/v1/").split("/")[0]
    for name in path_parameters:
        if resource == "runs" or name not in ("name", "id"):
            path_parameters[name] = PARTS.get(name, path_parameters[name])
        if name == "id" or resource == "secrets":
            path_parameters[name] = KNOWN.get(resource, path_parameters[name])
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict) or half(body):
        return body
    if isinstance(body.get("text"), str):
        body["text"] = TEXT.format(name=f"made-{zlib.crc32(repr(body).encode(errors='replace')) % 50}")
    if isinstance(body.get("name"), str) and len(body["name"]) > 90:
        body["name"] = body["name"][:90]
    if isinstance(body.get("pipelines"), list):
        body["pipelines"] = [asked]
    if "kind" in body and "events" in body:
        body.update(url="http://127.0.0.1:9/", events=["failure"], to=[], name=body.get("name") or "n")
    return body


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method == "PUT" and half(case.body, 3):
        case.headers["If-Match"] = "*"
    if case.method == "DELETE" and not case.path.endswith("/hook"):
        for name, value in case.path_parameters.items():
            case.path_parameters[name] = f"{value}x" if value in KEPT else value
    body = case.body
    if isinstance(body, dict) and body.get("action") == "delete" and isinstance(body.get("pipelines"), list):
        body["pipelines"] = [one for one in body["pipelines"] if one not in KEPT]
