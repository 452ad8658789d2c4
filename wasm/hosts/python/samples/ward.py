"""A case, its answers and reasons, and a faulty case: `ward.py news2.wasm`."""

import sys

from concord import CaseRefused, Nothing, Rule, Unknown, Value, Verdict


def in_words(answer):
    """Each of the four in its own way: what is left out here is an error, not an empty line."""
    match answer:
        case Value():
            return answer.text
        case Nothing():
            return "none"
        case Unknown(needs=needs):
            return f"{answer.text}; record {', '.join(need.text for need in needs)}"
        case Verdict():
            return answer.text
    raise TypeError(answer)


def main(path):
    news2 = Rule.load(path, allow_draft=True)
    print(f"{news2.info.title}, version {news2.info.version}, {news2.info.status}")
    case = {"respiration_rate": 25, "spo2": 91, "scale": "scale_1", "on_oxygen": True, "pulse": 131}
    for name, answer in news2.evaluate(case, explain=True).answers.items():
        print(f"  {name}: {in_words(answer)}")
        for reason in answer.because:
            print(f"      {reason}")
    try:
        news2.evaluate({**case, "spo2": 9.1, "pules": 131})
    except CaseRefused as refused:
        for fault in refused.faults:
            print(fault)


if __name__ == "__main__":
    main(*sys.argv[1:])
