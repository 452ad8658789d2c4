// A case, its answers and reasons, and a faulty case: `ward.mjs news2.wasm`.
import { CaseRefused, Rule } from "../src/index.js";

/** Each of the four in its own way: what is left out here is an error, not an empty line. */
function inWords(answer) {
  switch (answer.kind) {
    case "value":
    case "verdict":
      return answer.text;
    case "none":
      return "none";
    case "unknown":
      return `${answer.text}; record ${answer.needs.map(({ text }) => text).join(", ")}`;
    default:
      throw new TypeError(answer.kind);
  }
}

const news2 = await Rule.load(process.argv[2], { allowDraft: true });
console.log(`${news2.info.title}, version ${news2.info.version}, ${news2.info.status}`);
const observed = { respiration_rate: 25, spo2: 91, scale: "scale_1", on_oxygen: true, pulse: 131 };
for (const [name, answer] of Object.entries(news2.evaluate(observed, { explain: true }).answers)) {
  console.log(`  ${name}: ${inWords(answer)}`);
  for (const reason of answer.because) console.log(`      ${reason}`);
}
try {
  news2.evaluate({ ...observed, spo2: 9.1, pules: 131 });
} catch (error) {
  if (!(error instanceof CaseRefused)) throw error;
  for (const { code, at, expected } of error.faults) console.log(`${code} at ${at}${expected ? `: expected ${expected}` : ""}`);
}
