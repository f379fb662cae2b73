"""What the fuzzer knows beforehand, as its hooks: ids that exist, so that requests get behind the first 404, and what it
must not take away, which is its own token and those things. Half of the requests stay as they were made up."""
import http.server
import json
import os
import threading
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


class Registry(http.server.BaseHTTPRequestHandler):
    """As much of an image registry as a question needs: one repository with one tag. Of others it says that there are none."""

    def do_GET(self):
        known = {"/v2/": {}, "/v2/_catalog": {"repositories": ["shop"]}, "/v2/shop/tags/list": {"tags": ["v1"]}}
        known["/v2/shop/manifests/v1"] = {"layers": [{"digest": "", "size": 1}]}
        body = json.dumps(known.get(self.path.split("?")[0], {"errors": [{"code": "NAME_UNKNOWN"}]})).encode()
        self.send_response(200 if self.path.split("?")[0] in known else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        pass


# What the server asks must answer: that somebody else's machine does not is a 502, and right.
far = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
threading.Thread(target=far.serve_forever, daemon=True).start()
FAR = f"127.0.0.1:{far.server_port}"

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
registry = {"name": "far", "kind": "private", "address": FAR, "insecure": False, "username": "", "password": None}
registry = ask("POST", "docker/registries", registry)["id"]
ask("PUT", "secrets/PASSWORD", {"value": "a secret", "description": ""})
own = [token["id"] for token in ask("GET", "tokens")["items"]]
KNOWN = {"pipelines": asked, "runs": run, "notifications": chat, "git-credentials": git, "secrets": "PASSWORD"}
KNOWN["docker"] = registry
# The demo's own, in which nothing is real; where there is none, the one that was started beside the server.
clusters = [cluster["id"] for cluster in ask("GET", "kubernetes/clusters")["items"]]
if not clusters:
    with open(os.environ["ANSFLOW_API_KUBECONFIG"]) as file:
        credential = {"method": "kubeconfig", "text": file.read(), "context": None}
    beside = {"name": "simulated", "kind": "k8s", "verify_tls": True, "credential": credential}
    clusters = [ask("POST", "kubernetes/clusters", beside)["id"]]
KNOWN["kubernetes"] = clusters[0]
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
def map_query(context, query):
    if query and "cluster_id" in query and not half(query, 4):
        query.update({"cluster_id": clusters[0]} | ({"namespace": "default"} if "namespace" in query else {}))
    if query and not half(query):
        query.update({name: value for name, value in (("repository", "shop"), ("tag", "v1")) if name in query})
    return query


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and isinstance(body.get("address"), str) and "insecure" in body:
        body["address"] = FAR
    if not isinstance(body, dict) or half(body):
        return body
    if isinstance(body.get("address"), str) and "insecure" in body:
        body.update(kind="private", username="robot", password="p4ssw0rd", name=f"made-{zlib.crc32(repr(body).encode(errors='replace')) % 500}")
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
