package concord

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// rowsOfCorpus are the values of corpus/rows.json.
type rowsOfCorpus struct {
	AsOf     string           `json:"as_of"`
	Good     map[string]any   `json:"good"`
	Values   map[string][]any `json:"values"`
	Settings []map[string]any `json:"settings"`
}

func rowsOf(t *testing.T) (*Rule, rowsOfCorpus) {
	text, err := os.ReadFile("../corpus/rows.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows rowsOfCorpus
	if err := decode(text, &rows); err != nil {
		t.Fatal(err)
	}
	rule, err := Load(context.Background(), filepath.Join(modules(t), "kinds", "kinds.wasm"), AllowDraft())
	if err != nil {
		t.Fatal(err)
	}
	return rule, rows
}

// withoutPlace are the codes and the expectations of faults.
func withoutPlace(t *testing.T, err error) (said [][2]string) {
	t.Helper()
	var refused *CaseRefused
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	for _, fault := range refused.Faults {
		said = append(said, [2]string{fault.Code, fault.Expected})
	}
	return said
}

// holdAsACase holds a row between two others to the case with its value.
func (rows rowsOfCorpus) holdAsACase(t *testing.T, rule *Rule, fact string, value any) {
	t.Helper()
	ctx, name := context.Background(), "of_"+fact
	asks := []Ask{AsOf(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))}
	if fact == "as_of" {
		name, asks = "now", nil
	}
	columns := Columns{"flag": []bool{true, true, true}}
	columns[fact] = []any{rows.Good[fact], value, rows.Good[fact]}
	decision, err := rule.Evaluate(ctx, Case{fact: value, "not_supplied": []string{"Come"}}, asks...)
	table, failed := rule.EvaluateTable(ctx, columns, []string{name}, asks...)
	if err != nil || failed != nil {
		if err == nil || failed == nil || !reflect.DeepEqual(withoutPlace(t, err), withoutPlace(t, failed)) {
			t.Errorf("%s %v: as a case %v, in a table %v", fact, value, err, failed)
		}
		return
	}
	answer, err := decision.Answer(name)
	if err != nil {
		t.Fatal(err)
	}
	one := cellOf(answer)
	many := cell{kind: table[name+".kind"][1].(string), value: table[name][1]}
	if from, ranged := table[name+".from"]; ranged {
		many.from, many.to = from[1], table[name+".to"][1]
	}
	if !reflect.DeepEqual(one, many) {
		t.Errorf("%s %v: as a case %v, in a table %v", fact, value, one, many)
	}
}

func TestEveryValueOfAColumnIsTakenAsInACase(t *testing.T) {
	rule, rows := rowsOf(t)
	for fact, values := range rows.Values {
		for _, value := range values {
			rows.holdAsACase(t, rule, fact, value)
		}
	}
	at := time.Date(2026, 3, 29, 1, 30, 0, 500_000_000, time.UTC)
	for fact, values := range map[string][]any{
		"big":    {json.Number("007"), json.Number("-0"), json.Number("1e3"), json.Number("00"), json.Number("-01"), int64(math.MaxInt64), uint64(math.MaxUint64), 1e17, math.NaN(), int32(5), uint8(5)},
		"small":  {float32(38.4), 38.4, 0.1 + 0.2, math.Inf(1), json.Number("0.100"), json.Number("00.1"), json.Number("1.")},
		"amount": {123456789012345.67, 681802249186459.0, json.Number("1234567890123456.78"), float32(12345678.9)},
		"seen": {at, at.Add(time.Microsecond), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1899, 12, 31, 23, 30, 0, 0, time.FixedZone("", -3600)),
			time.Date(2199, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600)), time.Date(2200, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600))},
	} {
		for _, value := range values {
			rows.holdAsACase(t, rule, fact, value)
		}
	}
}

func TestSettingsAreInForceInATableAsInACase(t *testing.T) {
	rule, rows := rowsOf(t)
	ctx, want := context.Background(), []string(nil)
	var nobody *SettingRefused
	if _, err := rule.Evaluate(ctx, Case{}, ForMember("X")); !errors.As(err, &nobody) || nobody.Faults[0].Expected != "no member: the rule knows none" {
		t.Error(err)
	}
	for _, of := range rule.Schema().Parameters {
		want = append(want, "of_"+of.Name)
	}
	for _, settings := range rows.Settings {
		asks := []Ask{AsOf(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)), Settings(settings)}
		decision, err := rule.Evaluate(ctx, Case{}, asks...)
		table, failed := rule.EvaluateTable(ctx, Columns{"big": []any{1}}, want, asks...)
		var one, other *SettingRefused
		if errors.As(err, &one) || errors.As(failed, &other) {
			if one == nil || other == nil && !errors.As(failed, &other) || !reflect.DeepEqual(one.Faults, other.Faults) {
				t.Errorf("%v: as a case %v, in a table %v", settings, err, failed)
			}
			continue
		}
		for _, name := range want {
			answer, err := decision.Answer(name)
			if value, is := answer.(Value); err != nil || failed != nil || !is || !reflect.DeepEqual(value.Value, table[name][0]) {
				t.Errorf("%v, %s: as a case %v, in a table %v, %v", settings, name, answer, table[name], failed)
			}
		}
	}
}
