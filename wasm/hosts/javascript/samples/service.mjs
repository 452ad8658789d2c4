// A service: `service.mjs FOLDER [PORT]`, then `curl localhost:8000/clinical.news2 -d '{"spo2": 91}'`. Rules of the folder are reloaded as they change.
import { createServer } from "node:http";
import { CaseRefused, ClaimBroken, LimitReached } from "../src/index.js";
import { Rules } from "../src/rules.js";

const MOST = 16 << 20;
const [folder, port = "8000"] = process.argv.slice(2);
const calls = new Map();
const count = ({ package: name, outcome }) => calls.set(`${name} ${outcome}`, (calls.get(`${name} ${outcome}`) ?? 0) + 1);
const rules = await Rules.open(folder, { allowDraft: true, onCall: count, onRefused: (file, error) => console.error(file, error.message) });
rules.watch();

/** The body of a request, or undefined where it is too large. */
async function body(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MOST) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The status and the text of an answer. */
function answer(name, given) {
  try {
    return [200, rules.get(name).evaluate(given, { explain: true, deadline: 2_000 }).json];
  } catch (error) {
    if (error instanceof CaseRefused) return [422, JSON.stringify({ refused: error.faults })];
    if (error instanceof ClaimBroken) return [422, JSON.stringify({ broken: error.claim })];
    if (error instanceof LimitReached) return [503, JSON.stringify({ limit: error.limit })];
    if (error instanceof RangeError) return [404, JSON.stringify({ error: "no such rule" })];
    throw error;
  }
}

const server = createServer(async (request, response) => {
  const given = await body(request);
  const [status, text] =
    request.method === "GET" ? [200, JSON.stringify(Object.fromEntries(calls))]
    : given === undefined ? [413, JSON.stringify({ error: "the case is larger than 16 MiB" })]
    : answer(request.url.slice(1), new Uint8Array(given));
  response.writeHead(status, { "content-type": "application/json" }).end(text);
});
server.listen(Number(port), "127.0.0.1");
