// The types as a caller uses them: this compiles under `strict`, and what must not compile is marked.
import { type Answer, CaseRefused, Exact, type None, Rule, type Unknown, type Value, type Verdict } from "@concord/rule";
import { Rules } from "@concord/rule/rules";

interface Case {
  spo2?: number;
  scale?: "scale_1" | "scale_2";
}

interface Answers {
  total: Value<number> | None | Unknown<number>;
  risk: Value<"low" | "high"> | None | Unknown<"low" | "high">;
}

export async function typed(): Promise<string> {
  const rule = await Rule.load<Case, Answers>(fetch("news2.wasm"), { sha256: "00", allowDraft: true, onCall: ({ seconds }) => console.log(seconds) });
  // @ts-expect-error: the subject has no such fact
  rule.evaluate({ sp02: 91 });
  // @ts-expect-error: no such choice
  rule.evaluate({ scale: "scale_3" });
  const { total, risk } = rule.evaluate({ spo2: 91 }, { explain: true, asOf: new Date() }).answers;
  // @ts-expect-error: an answer has no value unless it is one
  const least: number = total.value + 1;
  if (risk.kind === "unknown") return risk.possible.values?.join(" or ") ?? String(least);
  switch (total.kind) {
    case "value":
      return total.value.toFixed();
    case "none":
      return "none";
    case "unknown":
      return `${total.possible.from} to ${total.possible.to}`;
  }
}

export function untyped(bytes: Uint8Array): string {
  const rule = Rule.loadSync(bytes);
  const said = (answer: Answer): string => {
    switch (answer.kind) {
      case "value":
        return String(answer.value);
      case "verdict": {
        const verdict: Verdict = answer;
        return verdict.late_by ?? verdict.verdict;
      }
      case "unknown":
        return answer.needs.map(({ text }) => text).join();
      case "none":
        return "none";
    }
  };
  try {
    const decision = rule.evaluate({ temperature: new Exact("37.1") }, { settings: { antibiotics_within: "PT45M" } });
    return said(decision.answer("total"));
  } catch (error) {
    if (error instanceof CaseRefused) return error.faults.map(({ code, at }) => `${code} ${at}`).join();
    throw error;
  }
}

export async function folder(): Promise<string> {
  const rules = await Rules.open("rules", { onChange: (old, now) => console.log(old?.info.version, now?.info.version) });
  rules.watch(1_000);
  return rules.get("clinical.news2", "1.0.0").info.title;
}
