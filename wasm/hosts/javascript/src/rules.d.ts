import type { LoadOptions, Rule } from "./index.js";

export interface RulesOptions extends LoadOptions {
  onChange?: ((old: Rule | undefined, now: Rule | undefined) => void) | undefined;
  onRefused?: ((file: string, error: Error) => void) | undefined;
}

/** The rules of a folder, which change while they are in use. For Node. */
export class Rules implements Iterable<Rule> {
  private constructor();
  static open(folder: string, options?: RulesOptions): Promise<Rules>;
  /** A package in one version, or in its highest. */
  get(name: string, version?: string): Rule;
  [Symbol.iterator](): IterableIterator<Rule>;
  reload(): Promise<void>;
  /** Reloads every so many milliseconds, until `close`. */
  watch(every?: number): void;
  close(): void;
}
