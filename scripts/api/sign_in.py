"""Signs in as a browser would and prints an API token: `sign_in.py ADDRESS USER PASSWORD [CODE]`. With the one-time code
of a new server it sets that up first."""
import json
import sys
import urllib.request

address, user, password, *code = sys.argv[1:]


def post(path, body, headers):
    request = urllib.request.Request(f"{address}/api/v1/{path}", json.dumps(body).encode(), {"content-type": "application/json", "origin": address, **headers})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null"), answer.headers


if code:
    post("auth/setup", {"code": code[0], "name": user, "password": password}, {})
_, headers = post("auth/login", {"name": user, "password": password}, {})
cookie = headers["set-cookie"].split(";")[0]
made, _ = post("tokens", {"name": "stranger", "expires_in_days": 1, "read_only": False}, {"cookie": cookie})
print(made["token"])
