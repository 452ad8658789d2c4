"""A table: how many scores are unknown, and what is missing for them: `audit.py news2.wasm`."""

import sys

import pandas

from concord import Rule

OBSERVATIONS = pandas.DataFrame(
    {
        "respiration_rate": [18, 25, 12, None, 21],
        "spo2": [97, 91, 95, 96, 93],
        "scale": ["scale_1"] * 5,
        "on_oxygen": [False, True, False, False, True],
        "systolic": [120, 90, 110, 130, 105],
        "pulse": [70, 131, 55, 88, 112],
        "consciousness": ["alert", "voice", "alert", "alert", "alert"],
        "temperature": [36.8, 35.0, 37.2, 38.4, None],
    },
    index=["bed 1", "bed 2", "bed 3", "bed 4", "bed 5"],
)


def main(path):
    news2 = Rule.load(path, allow_draft=True)
    answers = news2.evaluate_table(OBSERVATIONS, want=["total", "risk"])
    print(answers.to_string())
    unknown = answers["total.kind"] == "unknown"
    print(f"{unknown.sum()} of {len(answers)} totals are unknown; of these {(answers.loc[unknown, 'risk.kind'] == 'value').sum()} have a risk that is known all the same")
    print(OBSERVATIONS[unknown].isna().sum().loc[lambda missing: missing > 0].to_string())


if __name__ == "__main__":
    main(*sys.argv[1:])
