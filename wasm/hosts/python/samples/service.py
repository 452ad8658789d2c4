"""A service: `service.py FOLDER [PORT]`, then `curl localhost:8000/clinical.news2 -d '{"spo2": 91}'`. Rules of the folder are reloaded as they change."""

import json
import sys
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from concord import CaseRefused, ClaimBroken, LimitReached, Rules

MOST = 16 << 20
calls = Counter()


def count(call):
    calls[call.rule.package, call.outcome] += 1


class Handler(BaseHTTPRequestHandler):
    rules: Rules

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST:
            return self.say(413, {"error": "the case is larger than 16 MiB"})
        case = self.rfile.read(length)
        try:
            decision = self.rules[self.path.strip("/")].evaluate(case, explain=True, deadline=2.0)
        except KeyError:
            return self.say(404, {"error": "no such rule"})
        except CaseRefused as refused:
            return self.say(422, {"refused": [vars(fault) for fault in refused.faults]})
        except ClaimBroken as broken:
            return self.say(422, {"broken": broken.claim})
        except LimitReached as reached:
            return self.say(503, {"limit": reached.limit})
        return self.say(200, decision.json)

    def do_GET(self):
        self.say(200, {f"{package} {outcome}": number for (package, outcome), number in calls.items()})

    def say(self, status, content):
        text = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Nothing: what stands in a path may name a patient."""


def main(folder, port="8000"):
    with Rules(folder, allow_draft=True, on_call=count, on_refused=lambda *of: print(*of, file=sys.stderr)) as rules:
        rules.watch()
        Handler.rules = rules
        ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
