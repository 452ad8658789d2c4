// Opens a report at two widths and fails on any accessibility violation, sideways scrolling, request or script.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const WIDTHS = [1280, 390];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const [report, ...options] = process.argv.slice(2);
if (!report) {
  console.error("usage: node check.mjs REPORT.html [--screenshot FOLDER]");
  process.exit(2);
}
const at = options.indexOf("--screenshot");
const pictures = at < 0 ? undefined : resolve(options[at + 1] ?? ".");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let faults = 0;
const fault = (text) => {
  faults += 1;
  console.error(text);
};

for (const width of WIDTHS) {
  // The page's own policy forbids scripts; the check must get past it to look.
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true, reducedMotion: "reduce" });
  const page = await context.newPage();
  const url = pathToFileURL(resolve(report)).href;
  page.on("request", (request) => {
    if (request.url() !== url) fault(`${width} px: the page asks for ${request.url()}`);
  });
  page.on("pageerror", (error) => fault(`${width} px: ${error.message}`));
  await page.goto(url);
  if (pictures) await screenshots(page, width);
  await overflow(page, width, "folded");
  if (width >= 1280) await needless(page, width);
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
  await overflow(page, width, "unfolded");
  await accessibility(page, width);
  await context.close();
}
await browser.close();
console.log(faults === 0 ? "No fault found." : `${faults} faults.`);
process.exit(faults === 0 ? 0 : 1);

async function overflow(page, width, state) {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const inBox = (element) => element.closest(".scroll") !== null;
    return [...document.body.querySelectorAll("*")]
      .filter((element) => !inBox(element) && element.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 5)
      .map((element) => element.outerHTML.slice(0, 120))
      .concat(`page is ${root.scrollWidth} wide`);
  });
  if (wide.length > 0) fault(`${width} px, ${state}: the page scrolls sideways:\n  ${wide.join("\n  ")}`);
}

/** On a desk screen a chart or a table of few columns must not hide any part. */
async function needless(page, width) {
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll(".scroll")]
      .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth)
      .filter((box) => box.querySelectorAll("thead th").length <= 7)
      .map((box) => box.getAttribute("aria-label")),
  );
  if (hidden.length > 0) fault(`${width} px: boxes scroll that should fit: ${hidden.join("; ")}`);
}

async function accessibility(page, width) {
  await page.evaluate(axe);
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
  for (const violation of result.violations) {
    const where = violation.nodes.slice(0, 3).map((node) => `\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary}`);
    fault(`${width} px: ${violation.id}: ${violation.help} (${violation.nodes.length})${where.join("")}`);
  }
  console.log(`${width} px: ${result.violations.length} violations by axe ${result.testEngine.version}`);
}

/** The page as it opens, one picture for each screenful. */
async function screenshots(page, width) {
  mkdirSync(pictures, { recursive: true });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const step = width > 600 ? 1600 : 1800;
  await page.setViewportSize({ width, height: step });
  for (let top = 0, i = 0; top < height && i < 40; top += step, i += 1) {
    await page.evaluate((y) => window.scrollTo(0, y), top);
    const name = `${basename(report, ".html")}-${width}-${String(i).padStart(2, "0")}.png`;
    await page.screenshot({ path: join(pictures, name) });
    console.log(join(pictures, name));
  }
}
