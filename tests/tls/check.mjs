// `concord serve` under TLS, in a build that has it: `node check.mjs CONCORD MODULES`. The certificate here is for tests alone, and its key no secret.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request as plainly } from "node:http";
import { Agent as SecureAgent, request } from "node:https";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const [concord, modules] = process.argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [certificate, key] = [here("localhost.crt"), here("localhost.key")];
const ca = readFileSync(certificate);
const CASE = '{"respiration_rate":25,"spo2":91}';
const PATH = "/evaluate?package=clinical.news2";

/** A service, once it listens, and where. */
async function serve(...more) {
  const service = spawn(concord, ["serve", modules, "--allow-draft", "--listen", "127.0.0.1:0", "--receive-within", "1 s", ...more], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => service.once("exit", resolve));
  let said = "";
  for await (const line of createInterface({ input: service.stderr })) {
    said += `${line}\n`;
    if (line.includes('"listening"')) return { service, ended, port: Number(/127\.0\.0\.1:(\d+)/.exec(line)[1]) };
  }
  throw Object.assign(new Error(said), { code: await ended });
}

/** The status and the body of an answer. */
const ask = (port, options = {}, by = request) =>
  new Promise((resolve, reject) => {
    const asked = by({ host: "127.0.0.1", port, path: PATH, method: "POST", headers: { "Content-Type": "application/json" }, ca, servername: "localhost", ...options }, (answer) => {
      let body = "";
      const protocol = answer.socket.getProtocol?.();
      answer.on("data", (more) => (body += more)).on("end", () => resolve({ status: answer.statusCode, protocol, body })).on("error", reject);
    });
    asked.on("error", reject).end(CASE);
  });

const tls = ["--tls-cert", certificate, "--tls-key", key];
const open = await serve();
const right = await ask(open.port, {}, plainly);
assert.equal(right.status, 200);
open.service.kill();

const secure = await serve(...tls);
const { port } = secure;
for (const [version, protocol] of [["TLSv1.3", "TLSv1.3"], ["TLSv1.2", "TLSv1.2"]]) {
  assert.deepEqual(await ask(port, { minVersion: version, maxVersion: version }), { status: 200, protocol, body: right.body });
}
await assert.rejects(ask(port, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }), "what is older than TLS 1.2");
await assert.rejects(ask(port, { ca: undefined }), "a certificate that the caller does not know");
await assert.rejects(ask(port, {}, plainly), "plain HTTP");

// Who says nothing is shown out, and does not keep others from being answered.
const silent = connect(port, "127.0.0.1");
const began = performance.now();
const gone = new Promise((resolve) => silent.once("close", resolve));
silent.on("error", () => {}).resume();
assert.equal((await ask(port)).status, 200);
await gone;
assert(performance.now() - began < 5_000, "a caller who says nothing");

// Told to stop under load, it answers all that it has let in.
const agent = new SecureAgent({ keepAlive: true, maxSockets: 1 });
let [answered, stopping] = [0, false];
const failed = [];
const load = Array.from({ length: 8 }, async () => {
  const own = new SecureAgent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    try {
      assert.equal((await ask(port, { agent: own })).body, right.body);
      answered += 1;
    } catch (error) {
      if (stopping && error.code === "ECONNREFUSED") return own.destroy();
      failed.push(error);
      return own.destroy();
    }
  }
});
await pause(500);
stopping = true;
secure.service.kill("SIGTERM");
await Promise.all(load);
agent.destroy();
assert.equal(await secure.ended, 0);
assert.deepEqual(failed, []);
assert(answered > 8, `${answered} answers`);

for (const [cert, secret] of [[key, key], [certificate, certificate], [here("none.crt"), key]]) {
  await assert.rejects(serve("--tls-cert", cert, "--tls-key", secret), (error) => error.code === 4, `${cert} with ${secret}`);
}
console.log(`TLS 1.2 and 1.3 answer as plain HTTP does; ${answered} answers until it was told to stop, and none was lost`);
