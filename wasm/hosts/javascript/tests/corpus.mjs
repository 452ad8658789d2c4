// The corpus in Node, as the contract has it: `corpus.mjs FAULTY.json FOLDER…`.
import { readFileSync } from "node:fs";
import { corpus } from "./cases.mjs";
import { modulesOf } from "./folders.mjs";

const [faulty, ...folders] = process.argv.slice(2);
const modules = modulesOf(folders).map(({ name, module, vectors }) => ({ name, bytes: readFileSync(module), vectors: readFileSync(vectors, "utf8") }));
const { lines, failed, tried } = await corpus(modules, JSON.parse(readFileSync(faulty, "utf8")));
failed.forEach((of) => console.error(of));
console.log(lines.join("\n"));
process.exitCode = failed.length > 0 || tried === 0 ? 1 : 0;
