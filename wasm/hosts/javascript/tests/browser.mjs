// The corpus in headless Chromium: `browser.mjs FAULTY.json FOLDER…`. A page loads the library as it is, without a bundler.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { modulesOf } from "./folders.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));
const [faulty, ...folders] = process.argv.slice(2);
const modules = modulesOf(folders);
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
const PAGE = `<!doctype html><title>corpus</title><script type="module">
  import { corpus } from "/tests/cases.mjs";
  const text = async (path) => (await fetch(path)).text();
  async function* modules() {
    for (const [place, name] of (await (await fetch("/names")).json()).entries()) {
      yield { name, bytes: fetch("/module/" + place), vectors: await text("/vectors/" + place) };
    }
  }
  const faulty = await (await fetch("/faulty")).json();
  window.came = await corpus(modules(), faulty).catch((error) => ({ lines: [String(error.stack)], failed: ["the page"], tried: 0 }));
</script>`;

const answers = {
  "": () => [PAGE, "text/html"],
  names: () => [JSON.stringify(modules.map(({ name }) => name)), TYPES[".json"]],
  faulty: async () => [await readFile(faulty), TYPES[".json"]],
  module: async (place) => [await readFile(modules[place].module), TYPES[".wasm"]],
  vectors: async (place) => [await readFile(modules[place].vectors), TYPES[".json"]],
};
const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const [, first, place] = path.split("/");
  try {
    const [content, type] = answers[first] ? await answers[first](Number(place)) : [await readFile(join(here, path)), TYPES[extname(path)]];
    response.writeHead(200, { "content-type": type }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
page.on("pageerror", (error) => console.error(error.message));
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const came = await page.waitForFunction(() => window.came, undefined, { timeout: 300_000 });
const { lines, failed, tried } = await came.jsonValue();
await browser.close();
server.close();
failed.forEach((of) => console.error(of));
console.log(lines.join("\n"));
process.exitCode = failed.length > 0 || tried === 0 ? 1 : 0;
