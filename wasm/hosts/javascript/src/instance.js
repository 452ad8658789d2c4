// A running module: texts in, texts out.
import { LimitReached, RuleRefused, reading } from "./errors.js";

const INTERFACE = 3;
const ROOM = 16384; // room for the text of a case that an instance keeps; a longer one is given its own
const KEPT = 4 << 20; // an instance that has grown by more is not kept
const WANTED = [
  ...["alloc", "reset", "evaluate_json", "explain_json", "configure_json", "json_out", "json_out_bytes", "self_test", "describe", "describe_bytes"],
  ...["evaluate_batch", "configure", "unconfigure"],
];

const decoder = new TextDecoder("utf-8", { fatal: true });

/** One instance of a module. Calls are made one after another, as JavaScript does everything. */
export class Instance {
  constructor(instance) {
    this.exports = instance.exports;
    this.room = this.exports.alloc(ROOM);
    this.most = this.memory.byteLength + KEPT;
    /** Those in force, as they were given. */
    this.settings = "{}";
  }

  get memory() {
    return this.exports.memory.buffer;
  }

  /** Gives a text to a function of the module: the status, and what it says. */
  say(name, text) {
    const { exports } = this;
    const own = text.length > ROOM;
    const address = own ? exports.alloc(text.length) >>> 0 : this.room;
    if (!address) throw new LimitReached("room");
    new Uint8Array(this.memory).set(text, address);
    const status = exports[name](address, text.length);
    if (status === 3) throw new LimitReached("room");
    const said = this.decoded(this.read(exports.json_out(), exports.json_out_bytes()));
    if (own) {
      exports.reset();
      this.room = exports.alloc(ROOM);
    }
    return { status, said };
  }

  read(address, count) {
    return new Uint8Array(this.memory, address >>> 0, count);
  }

  decoded(bytes) {
    return decoder.decode(bytes);
  }

  /** The manifest that the module carries, as it stands. */
  describe() {
    return this.read(this.exports.describe(), this.exports.describe_bytes());
  }

  /** Whether it is worth keeping: a large case makes the memory grow, and nothing makes it shrink. */
  get small() {
    return this.memory.byteLength <= this.most;
  }
}

/** Refuses what is not WebAssembly, and what would run by itself, before an engine says something that nobody understands. */
export function holdToForm(bytes) {
  if (bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    throw new RuleRefused("module", "this is not a WebAssembly module");
  }
  if (hasStart(bytes)) {
    throw new RuleRefused("module", "something of it would run before it is asked: it is no module of a rule");
  }
}

/** Whether a module names a function that runs when it is started: nothing would stop that. */
function hasStart(bytes) {
  for (let place = 8; place < bytes.length; ) {
    const kind = bytes[place++];
    let size = 0;
    for (let shift = 0, byte = 128; byte >= 128 && place < bytes.length; shift += 7) {
      byte = bytes[place++];
      size += (byte & 127) * 2 ** shift;
    }
    if (kind === 8) return true;
    place += size;
  }
  return false;
}

/** What an engine throws at a module that it does not take. */
export function notTaken(error) {
  return new RuleRefused("module", error.message);
}

/** Refuses a module that needs something of its host, speaks another version of the interface, or takes no JSON. */
export function holdToInterface(module) {
  if (WebAssembly.Module.imports(module).length > 0) {
    throw new RuleRefused("module", "it has imports, and a rule needs nothing but a case");
  }
  const instance = started(module);
  const version = instance.exports.abi_version?.value ?? "none";
  if (version !== INTERFACE) {
    throw new RuleRefused("interface", `it speaks version ${version} of the interface, and this host version ${INTERFACE}`);
  }
  const { memory, heap } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory && heap instanceof WebAssembly.Global)) {
    throw new RuleRefused("interface", "it has no memory, or does not say where it is free");
  }
  if (WANTED.some((name) => typeof instance.exports[name] !== "function")) {
    throw new RuleRefused("json", "it takes no cases as JSON, or carries no manifest: built with --no-json");
  }
  return reading("it stops when it is asked for room", () => new Instance(instance));
}

/** An instance of a module. */
export function started(module) {
  return reading("it does not start", () => new WebAssembly.Instance(module), "module");
}
