// What a case and a row cost on this machine, in time of one processor: `speed.mjs news2.wasm`.
import { Rule } from "../src/index.js";

const ROWS = 1_000_000;
const CASE = { respiration_rate: 25, spo2: 91, scale: "scale_1", on_oxygen: true, systolic: 90, pulse: 131, consciousness: "voice", temperature: 35.0 };
const TEXT = new TextEncoder().encode(JSON.stringify(CASE));

/** The best of five, in microseconds of the processor. */
function time(ask) {
  const times = Array.from({ length: 5 }, () => {
    const begin = process.cpuUsage();
    ask();
    return process.cpuUsage(begin).user;
  });
  return Math.min(...times);
}

const rule = await Rule.load(process.argv[2], { allowDraft: true });
const many = (ask) => time(() => { for (let n = 0; n < 20_000; n += 1) ask(); }) / 20_000;
console.log(`case ${(many(() => rule.evaluate(TEXT)) * 1_000).toFixed(0)} ns`);
console.log(`a case as an object, its answers read: ${(many(() => rule.evaluate(CASE).answers) * 1_000).toFixed(0)} ns`);

const whole = (low, high, kind = Int16Array) => kind.from({ length: ROWS }, () => low + Math.floor(Math.random() * (high - low + 1)));
const choice = (...names) => Array.from(whole(0, names.length - 1), (place) => names[place]);
const columns = {
  respiration_rate: whole(8, 30),
  spo2: whole(85, 100),
  scale: choice("scale_1", "scale_2"),
  on_oxygen: choice(true, false),
  systolic: whole(80, 230),
  pulse: whole(30, 150),
  consciousness: choice("alert", "new_confusion", "voice", "pain", "unresponsive"),
  temperature: Float64Array.from(whole(340, 400), (tenths) => tenths / 10),
};
console.log(`row ${((time(() => rule.evaluateTable(columns, ["total", "risk"])) / ROWS) * 1_000).toFixed(0)} ns`);
