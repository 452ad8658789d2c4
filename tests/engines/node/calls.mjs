// Replays the corpus in an engine that Node has: `calls.mjs v8 FOLDER`, or `calls.mjs polywasm FOLDER`, which is JavaScript alone.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [, , engine, folder] = process.argv;
const { Module, Instance } = engine === "polywasm" ? (await import("polywasm")).WebAssembly : WebAssembly;

const argument = (text) => (text.endsWith("L") ? BigInt(text.slice(0, -1)) : Number(text));

/** Plays one line of a script; what is wrong, or nothing. */
function fault({ exports }, line) {
  const [what, name, ...words] = line.split(" ");
  const { memory } = exports;
  switch (what) {
    case "call": {
      const wanted = Number(words.pop());
      const found = exports[name](...words.slice(0, -1).map(argument));
      return found === wanted ? null : `${name} gave ${found} and not ${wanted}`;
    }
    case "room": {
      const pages = Math.ceil(name / 65536) - memory.buffer.byteLength / 65536;
      if (pages > 0) memory.grow(pages);
      return null;
    }
    case "put":
      new Uint8Array(memory.buffer).set(Buffer.from(words[0], "hex"), Number(name));
      return null;
    default: {
      const found = Buffer.from(memory.buffer, Number(name), words[0].length / 2).toString("hex");
      return found === words[0] ? null : `at ${name} stands ${found} and not ${words[0]}`;
    }
  }
}

/** How many trials of a script there are, and what is wrong with those that do not hold. */
function replay(instance, script) {
  const wrong = new Map();
  let trials = 0;
  let trial = "";
  for (const line of script.trimEnd().split("\n")) {
    if (line.startsWith("trial ")) {
      trials += 1;
      trial = line.slice(6);
      continue;
    }
    let found;
    try {
      found = fault(instance, line);
    } catch (error) {
      found = `${line.split(" ")[1]}: ${error}`;
    }
    if (found && !wrong.has(trials)) wrong.set(trials, `${trial}: ${found}`);
  }
  return { trials, wrong: [...wrong.values()] };
}

let [passed, failed] = [0, 0];
for (const entry of readFileSync(join(folder, "index.txt"), "utf8").trimEnd().split("\n")) {
  const [name] = entry.split(" ");
  const module = new Module(readFileSync(join(folder, `${name}.wasm`)));
  const { trials, wrong } = replay(new Instance(module, {}), readFileSync(join(folder, `${name}.calls`), "utf8"));
  passed += trials - wrong.length;
  failed += wrong.length;
  for (const one of wrong.slice(0, 3)) console.error(`${name}: ${one}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
