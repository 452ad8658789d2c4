// The modules of folders and their vectors, in the order of the contract.
import { readdirSync } from "node:fs";
import { join } from "node:path";

export function modulesOf(folders) {
  return folders.flatMap((folder) => {
    const names = readdirSync(folder).filter((name) => name.endsWith(".vectors.json")).sort();
    return names.map((file) => {
      const name = file.slice(0, -".vectors.json".length);
      return { name, module: join(folder, `${name}.wasm`), vectors: join(folder, file) };
    });
  });
}
