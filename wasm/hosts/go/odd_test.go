package concord

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
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
	nan := math.NaN()
	for _, of := range []struct {
		rule *Rule
		of   any
		at   string
	}{
		{news2, Case{"pulse": 91, "spo2": math.NaN()}, "[D07 at /spo2"},
		{news2, map[string]float64{"pulse": 91, "spo2": math.Inf(-1)}, "[D07 at /spo2"},
		{news2, observed{&nan, nil}, "[D07 at /spo2"},
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
	if _, err := news2.Check(context.Background(), Case{"spo2": make(chan int)}); err == nil {
		t.Error("a channel is a case")
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
	for _, of := range []string{filepath.Join(folder, "none"), folder} {
		_, err := Open(context.Background(), of, AllowDraft(), OnRefused(func(string, error) {}))
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), of) {
			t.Error(err)
		}
	}
}
