// The rules of a folder, which change while they are in use. For Node.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { RuleRefused } from "./errors.js";
import { OF_RULES, holdToOptions } from "./options.js";
import { Rule } from "./rule.js";

/** Every rule of a folder; the highest version of a package goes by its name alone. `Rules.open` makes one. */
export class Rules {
  #folder;
  #loading;
  #onChange;
  #onRefused;
  #files = new Map();
  #rules = new Map();
  #told = new Map();
  #reloading = Promise.resolve();
  #timer;

  constructor(folder, { onChange, onRefused, ...loading }) {
    this.#folder = folder;
    this.#loading = loading;
    this.#onChange = onChange;
    this.#onRefused = onRefused;
  }

  /**
   * The rules of a folder. Options are those of `Rule.load`, `onChange(old, new)` and `onRefused(file, error)`; where the last is not given, a file that is
   * refused is an error. So is a folder that is not there or has no module: a wrong path is not to be found out by the first patient.
   */
  static async open(folder, options = {}) {
    holdToOptions(options, OF_RULES);
    const rules = new Rules(folder, options);
    await rules.reload();
    if (rules.#files.size === 0) throw Object.assign(new Error(`ENOENT: there is no module (.wasm) in ${folder}`), { code: "ENOENT", path: String(folder) });
    return rules;
  }

  /** A package in one version, or in its highest. */
  get(name, version) {
    const found = [...this.#rules.values()].filter(({ info }) => info.package === name && (version ?? info.version) === info.version);
    if (found.length === 0) throw new RangeError(`there is no rule ${name}${version ? ` ${version}` : ""}`);
    return found.reduce((best, rule) => (higher(rule.info.version, best.info.version) ? rule : best));
  }

  [Symbol.iterator]() {
    return this.#rules.values();
  }

  /**
   * Looks again. What is new or has changed is loaded and checked before it takes the place of the old; a file that is refused changes nothing, and is thrown
   * where nobody is told, after the others have taken their places.
   */
  reload() {
    this.#reloading = this.#reloading.catch(() => {}).then(() => this.#reload());
    return this.#reloading;
  }

  async #reload() {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(".wasm") && !name.endsWith(".batch.wasm") && !name.startsWith(".")).sort();
    const files = new Map();
    for (const name of names) files.set(name, await this.#file(name));
    const rules = new Map();
    const refused = new Map([...files].filter(([, of]) => of.refused).map(([name, of]) => [name, of.refused]));
    for (const [name, { rule, stamp }] of files) {
      if (!rule) continue;
      const which = `${rule.info.package} ${rule.info.version}`;
      const kept = rules.get(which) ?? rule;
      rules.set(which, kept);
      if (kept.info.sha256 !== rule.info.sha256) {
        const twice = new RuleRefused("twice", "another file is the same version of the package, and not the same bytes");
        refused.set(name, this.#refuse(name, stamp, twice));
      }
    }
    const old = this.#rules;
    for (const name of [...this.#told.keys()].filter((name) => !refused.has(name))) this.#told.delete(name);
    this.#files = files;
    this.#rules = rules;
    for (const which of [...new Set([...old.keys(), ...rules.keys()])].sort()) {
      if (old.get(which) !== rules.get(which)) this.#onChange?.(old.get(which), rules.get(which));
    }
    if (refused.size > 0 && !this.#onRefused) throw refused.values().next().value;
  }

  /** A file as it is, or as it was where nothing has changed or what is there now is refused. One that is refused is tried again: what it was refused for may have passed. */
  async #file(name) {
    const before = this.#files.get(name);
    const path = join(this.#folder, name);
    let stamp;
    try {
      stamp = await stampOf(path);
      if (before?.stamp === stamp && !before.refused) return { stamp, rule: before.rule };
      const rule = await Rule.load(path, this.#loading);
      return { stamp, rule: before?.rule?.info.sha256 === rule.info.sha256 ? before.rule : rule };
    } catch (error) {
      return { stamp, rule: before?.rule, refused: this.#refuse(name, stamp, error) };
    }
  }

  /** Tells of a file that is refused, and again where it is another or the reason is; what is thrown where nobody is told says which file it was. */
  #refuse(name, stamp, error) {
    const path = join(this.#folder, name);
    const why = `${stamp} ${error.message}`;
    if (this.#told.get(name) !== why) {
      this.#told.set(name, why);
      this.#onRefused?.(path, error);
    }
    return error instanceof RuleRefused ? new RuleRefused(error.code, `${path}: ${error.why}`) : error;
  }

  /** Reloads every so many milliseconds, until `close`. What goes wrong meanwhile is told to `onRefused`, with the folder. It does not keep Node running. */
  watch(every = 2000) {
    const again = () => {
      this.#timer = setTimeout(async () => {
        await this.reload().catch((error) => this.#onRefused?.(this.#folder, error));
        if (this.#timer) again();
      }, every);
      this.#timer.unref?.();
    };
    if (!this.#timer) again();
  }

  /** Ends the watch. The rules go on. */
  close() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** What changes when a module does, or its manifest or the module for batches beside it. */
async function stampOf(path) {
  const beside = [".manifest.json", ".batch.wasm"].map((ending) => stat(path.replace(/\.wasm$/, ending)).catch(() => undefined));
  const found = [await stat(path), ...(await Promise.all(beside))];
  return found.map((of) => of && `${of.mtimeMs} ${of.size} ${of.ino}`).join();
}

/** 1.10.0 is above 1.9.0. */
function higher(one, other) {
  return one.localeCompare(other, "en", { numeric: true }) > 0;
}
