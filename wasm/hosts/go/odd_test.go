package concord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWhatADamagedModuleSaysIsRefusedAndNothingElseComesOfIt(t *testing.T) {
	for name, of := range map[string]struct{ text, answer string }{
		"news2":  {`{"spo2":91}`, "total"},
		"sepsis": {`{"as_of":"2026-03-05T18:00:00Z","age":70}`, "antibiotics_1h"},
	} {
		module := bytesOf(t, name)
		for place := len(module) * 4 / 5; place < len(module); place += 397 {
			damaged := bytes.Clone(module)
			damaged[place] ^= 1 << (place % 8) // of what is packed: texts, manifest and golden cases
			rule, err := LoadBytes(context.Background(), damaged, AllowDraft())
			if err == nil {
				var decision *Decision
				if decision, err = rule.Evaluate(context.Background(), of.text, Explain()); err == nil {
					_, err = decision.Answer(of.answer)
				}
			}
			var refused *RuleRefused
			if err != nil && !errors.As(err, &refused) {
				t.Errorf("%s, byte %d: %v", name, place, err)
			}
		}
	}
}

func TestWhatIsNoNumberIsRefusedWhereItStands(t *testing.T) {
	news2, sepsis := loaded(t, "news2"), loaded(t, "sepsis")
	type observed struct {
		Spo2  *float64 `json:"spo2,omitempty"`
		Pulse *int     `json:"pulse"`
	}
	type pointed struct {
		*observed
		Temperature float64 `json:"temperature"`
	}
	pulse, nan := 91, math.NaN()
	for _, of := range []struct {
		rule *Rule
		of   any
		at   string
	}{
		{news2, Case{"pulse": 91, "spo2": math.NaN()}, "[D07 at /spo2"},
		{news2, map[string]float64{"pulse": 91, "spo2": math.Inf(-1)}, "[D07 at /spo2"},
		{news2, observed{&nan, nil}, "[D07 at /spo2"},
		{news2, pointed{&observed{nil, &pulse}, nan}, "[D07 at /temperature"},
		{news2, pointed{nil, nan}, "[D07 at /temperature"},
		{news2, Case{"scale": "\xff"}, "[D07 at /scale"},
		{news2, Case{"\xff": 1}, "[D06 at /�]"},
		{news2, `{"scale":"` + "\xff\"}", "[D02]"},
		{sepsis, Case{"as_of": time.Date(12_000, 1, 1, 0, 0, 0, 0, time.UTC)}, "[D07 at /as_of"},
		{sepsis, Case{"as_of": "2026-03-05T18:00:00Z", "events": []Case{{"event": "Lactate", "at": nil, "value": math.NaN()}}}, "[D07 at /events/0/value"},
	} {
		faults, err := of.rule.Check(context.Background(), of.of)
		if err != nil || !strings.HasPrefix(fmt.Sprint(faults), of.at) || len(faults) != 1 {
			t.Errorf("%v: %v %v", of.of, faults, err)
		}
	}
	for _, of := range []any{Case{"spo2": make(chan int)}, strings.NewReader(`{"spo2":91}`), bytes.NewBufferString(`{"spo2":91}`)} {
		if _, err := news2.Check(context.Background(), of); err == nil {
			t.Errorf("a %T is a case", of)
		}
	}
}

// A number that nobody gave is not 0, which encoding/json makes of it.
func TestANumberOfNoDigitsIsNotNought(t *testing.T) {
	news2, sepsis := loaded(t, "news2"), loaded(t, "sepsis")
	type observed struct {
		Pulse json.Number  `json:"pulse"`
		Spo2  *json.Number `json:"spo2"`
	}
	type left struct {
		Pulse json.Number `json:"pulse,omitempty"`
		Spo2  json.Number `json:"spo2,omitzero"`
		Other json.Number `json:"-"`
	}
	type within struct {
		observed
	}
	at := Case{"as_of": "2026-03-05T18:00:00Z"}
	for _, of := range []struct {
		rule *Rule
		of   any
		at   string
	}{
		{news2, Case{"pulse": json.Number("")}, "[D07 at /pulse"},
		{news2, map[string]json.Number{"pulse": "", "spo2": "91"}, "[D07 at /pulse"},
		{news2, Case{"pulse": json.Number("ninety")}, "[D07 at /pulse"},
		{news2, observed{}, "[D07 at /pulse"},
		{news2, &within{}, "[D07 at /pulse"},
		{news2, left{}, "[]"},
		{news2, observed{Pulse: "0"}, "[]"},
		{sepsis, Case{"as_of": at["as_of"], "events": []any{Case{"event": "Lactate", "at": nil, "value": json.Number("")}}}, "[D07 at /events/0/value"},
	} {
		faults, err := of.rule.Check(context.Background(), of.of)
		if err != nil || !strings.HasPrefix(fmt.Sprint(faults), of.at) || len(faults) > 1 {
			t.Errorf("%v: %v %v", of.of, faults, err)
		}
	}
	for _, column := range []any{[]json.Number{"91", ""}, []any{91, json.Number("")}, []json.Number{"91", "."}} {
		for _, name := range []string{"pulse", "temperature"} {
			_, err := news2.EvaluateTable(context.Background(), Columns{name: column}, []string{"total"})
			var refused *CaseRefused
			if !errors.As(err, &refused) || refused.Faults[len(refused.Faults)-1].At != "/1/"+name {
				t.Errorf("%v: %v", column, err)
			}
		}
	}
	_, err := sepsis.Evaluate(context.Background(), at, Settings(Case{"antibiotics_within": json.Number("")}))
	var refused *SettingRefused
	if !errors.As(err, &refused) || refused.Faults[0].Code != "D07" {
		t.Error(err)
	}
}

func TestWhatContainsItselfIsAnError(t *testing.T) {
	rule := loaded(t, "news2")
	type parent struct {
		Pulse json.Number `json:"pulse"`
		Own   *parent     `json:"-"`
		own   *parent
	}
	family := &parent{Pulse: "90"}
	family.Own, family.own = family, family
	if faults, err := rule.Check(context.Background(), family); err != nil || len(faults) > 0 {
		t.Errorf("what is not said: %v %v", faults, err)
	}
	type node struct {
		Next *node    `json:"next"`
		NaN  *float64 `json:"a"`
	}
	circle, nan := Case{"pulse": 90}, math.NaN()
	circle["spo2"] = circle
	list := []any{nil}
	list[0] = list
	ring := &node{nil, &nan}
	ring.Next = ring
	for _, of := range []any{circle, Case{"a": math.NaN(), "spo2": circle}, Case{"spo2": list, "a": json.Number("")}, ring} {
		if _, err := rule.Evaluate(context.Background(), of); err == nil {
			t.Errorf("%T is a case", of)
		}
	}
	shared := Case{"event": "Lactate", "at": nil, "value": math.NaN()}
	twice := Case{"as_of": "2026-03-05T18:00:00Z", "events": []any{shared, shared}}
	if faults, err := loaded(t, "sepsis").Check(context.Background(), twice); err != nil || len(faults) != 2 {
		t.Errorf("what stands in two places: %v %v", faults, err)
	}
}

func TestALinkThatLeadsNowhereIsToldOnce(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "news2.wasm"), bytesOf(t, "news2"))
	if err := os.Symlink(filepath.Join(folder, "none"), filepath.Join(folder, "sepsis.wasm")); err != nil {
		t.Skip(err)
	}
	told := 0
	rules, err := Open(context.Background(), folder, AllowDraft(), OnRefused(func(string, error) { told++ }))
	if err != nil {
		t.Fatal(err)
	}
	if err := rules.Reload(context.Background()); err == nil || told != 1 {
		t.Errorf("%v, told %d times", err, told)
	}
	if _, err := Open(context.Background(), folder, AllowDraft()); err == nil {
		t.Error("nobody was told")
	}
}

func TestAFileRefusedForWhatLiesBesideItIsTakenWhenThatIsRight(t *testing.T) {
	folder := t.TempDir()
	put := func(name, ending string) {
		of, err := os.ReadFile(filepath.Join(modules(t), name+ending))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "news2"+ending), of)
	}
	put("news2", ".manifest.json")
	put("news2", ".wasm")
	told := 0
	rules, err := Open(context.Background(), folder, AllowDraft(), OnRefused(func(string, error) { told++ }))
	if err != nil {
		t.Fatal(err)
	}
	version := func(wanted string, refusals int) {
		t.Helper()
		for range 3 {
			_ = rules.Reload(context.Background())
		}
		if rule, err := rules.Rule("clinical.news2"); err != nil || rule.Info().Version != wanted || told != refusals {
			t.Errorf("%v %v, told %d times", rule, err, told)
		}
	}
	put("later/news2", ".wasm")
	version("1.0.0", 1)
	put("later/news2", ".manifest.json")
	version("1.0.1", 1)
}

func TestWhoIsToldMayReadTheFolderAgain(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "news2.wasm"), bytesOf(t, "news2"))
	write(t, filepath.Join(folder, "wrong.wasm"), []byte("<html>"))
	var rules *Rules
	told := make(chan bool, 10)
	again := func() {
		if told <- true; rules != nil {
			_ = rules.Reload(context.Background())
		}
	}
	rules, err := Open(context.Background(), folder, AllowDraft(), OnChange(func(*Rule, *Rule) { again() }), OnRefused(func(string, error) { again() }))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "sepsis.wasm"), bytesOf(t, "sepsis"))
	write(t, filepath.Join(folder, "wrong.wasm"), []byte("<body>"))
	done := make(chan error, 1)
	go func() { done <- rules.Reload(context.Background()) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("it waits for itself")
	}
	if len(told) != 4 {
		t.Errorf("%d were told", len(told))
	}
}

func TestADeadlineThatHasPassed(t *testing.T) {
	rule := loaded(t, "news2")
	for _, most := range []time.Duration{0, -time.Second} {
		_, err := rule.Evaluate(context.Background(), "{}", Deadline(most))
		_, other := rule.EvaluateTable(context.Background(), Columns{"spo2": []int{97}}, []string{"total"}, Deadline(most))
		var limit, also *LimitReached
		if !errors.As(err, &limit) || limit.Limit != "deadline" || !errors.As(other, &also) || also.Limit != "deadline" {
			t.Errorf("%v: %v %v", most, err, other)
		}
	}
	if _, err := rule.Evaluate(context.Background(), "{}", Deadline(math.MaxInt64)); err != nil {
		t.Error(err)
	}
}

func TestAFolderWithoutModules(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "._news2.wasm"), []byte("left by a Mac"))
	for _, of := range []string{filepath.Join(folder, "none"), folder} {
		_, err := Open(context.Background(), of, AllowDraft(), OnRefused(func(string, error) {}))
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), of) {
			t.Error(err)
		}
	}
}
