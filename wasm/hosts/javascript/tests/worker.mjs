// One of eight workers that share a rule.
import { parentPort, workerData } from "node:worker_threads";
import { Rule } from "../src/index.js";

const { message, cases, settings, right, seconds } = workerData;
const rule = Rule.fromMessage(message);
let [done, wrong] = [0, 0];
const ask = () => {
  const [which, at] = [done % 2, done % 100];
  if (rule.evaluate(cases[at], { settings: settings[which] }).json !== right[which][at]) wrong += 1;
  done += 1;
};
for (let warm = 0; warm < 200; warm += 1) ask();
const before = process.memoryUsage().arrayBuffers;
const end = performance.now() + seconds * 1_000;
while (performance.now() < end) ask();
parentPort.postMessage({ done, wrong, grown: process.memoryUsage().arrayBuffers - before });
