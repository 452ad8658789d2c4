// Where modules come from: bytes, files, URLs.
import { RuleRefused, reading } from "./errors.js";

const isUrl = (source) => source instanceof URL || (typeof source === "string" && /^https?:/.test(source));

/** The bytes of a module, and what stands beside its file. */
export async function bytesOf(source) {
  const given = await source;
  if (ArrayBuffer.isView(given) || given instanceof ArrayBuffer) return { bytes: view(given) };
  if (typeof Response !== "undefined" && given instanceof Response) return { bytes: await body(given) };
  if (isUrl(given) && !String(given).startsWith("file:")) return { bytes: await body(await fetch(given)) };
  return files(await import("node:fs"), given);
}

/** The same at once: of bytes, or of a file. */
export function bytesOfSync(source) {
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return { bytes: view(source) };
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (!fs) throw new TypeError("without Node, loadSync takes bytes");
  return files(fs, source);
}

function view(given) {
  return ArrayBuffer.isView(given) ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength) : new Uint8Array(given);
}

async function body(response) {
  if (!response.ok) throw new RuleRefused("module", `the server answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A file, its manifest, and the module for batches that the manifest names. */
function files(fs, path) {
  const beside = (ending) => {
    const name = String(path).replace(/\.wasm$/, ending);
    const file = path instanceof URL ? new URL(name) : name;
    return fs.existsSync(file) ? fs.readFileSync(file) : undefined;
  };
  const bytes = view(fs.readFileSync(path));
  const written = beside(".manifest.json");
  const manifest = written && manifestIn(written);
  const batches = manifest?.batches ? beside(".batch.wasm") : undefined;
  return { bytes, manifest, batches: batches && view(batches) };
}

/** What a manifest beside a file says of the file; one that cannot be read names no hash that a file could have. */
function manifestIn(written) {
  return reading("the manifest beside it cannot be read", () => {
    const { module, batches } = JSON.parse(written.toString("utf8"));
    return { module: { sha256: String(module.sha256) }, batches: batches && { sha256: String(batches.sha256) } };
  }, "sha256");
}
