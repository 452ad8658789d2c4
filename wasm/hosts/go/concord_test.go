package concord

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The modules that `concord build` has made of rules/.
func modules(t *testing.T) string {
	folder := os.Getenv("CONCORD_MODULES")
	if folder == "" {
		t.Fatal("CONCORD_MODULES names no folder of modules")
	}
	return folder
}

func bytesOf(t *testing.T, name string) []byte {
	module, err := os.ReadFile(filepath.Join(modules(t), name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return module
}

func loaded(t *testing.T, name string, options ...Option) *Rule {
	rule, err := LoadBytes(context.Background(), bytesOf(t, name), append(options, AllowDraft())...)
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

func TestWhatIsNotToBeTrustedIsRefused(t *testing.T) {
	module := bytesOf(t, "news2")
	flipped := bytes.Clone(module)
	flipped[len(flipped)/2] ^= 1
	other := bytes.Replace(module, []byte{0x7f, 0, 0x41, 3, 0x0b}, []byte{0x7f, 0, 0x41, 4, 0x0b}, 1)
	wrong := bytesOf(t, "wrong/news2") // a pulse of 91 as one of 90
	starts, _ := hex.DecodeString("0061736d01000000010401600000030201000801000a0901070003400c000b0b")
	for name, of := range map[string]struct {
		code    string
		module  []byte
		options []Option
	}{
		"one bit flipped":     {"sha256", flipped, []Option{SHA256(hashOf(module)), AllowDraft()}},
		"a wrong hash":        {"sha256", module, []Option{SHA256(hashOf(flipped)), AllowDraft()}},
		"a page of HTML":      {"module", []byte("<!doctype html><title>404</title>"), []Option{AllowDraft()}},
		"cut short":           {"module", module[:len(module)/2], []Option{AllowDraft()}},
		"one that runs alone": {"module", starts, []Option{AllowDraft()}},
		"another interface":   {"interface", other, []Option{AllowDraft()}},
		"another fingerprint": {"fingerprint", module, []Option{Fingerprint(hashOf(module)), AllowDraft()}},
		"a draft":             {"draft", module, nil},
		"wrong golden cases":  {"self_test", wrong, []Option{AllowDraft()}},
	} {
		_, err := LoadBytes(context.Background(), of.module, of.options...)
		var refused *RuleRefused
		if !errors.As(err, &refused) || refused.Code != of.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	folder := t.TempDir()
	write(t, filepath.Join(folder, "a.wasm"), flipped)
	beside, err := os.ReadFile(filepath.Join(modules(t), "news2.manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "a.manifest.json"), beside)
	_, err = Load(context.Background(), filepath.Join(folder, "a.wasm"), AllowDraft())
	var refused *RuleRefused
	if !errors.As(err, &refused) || refused.Code != "sha256" {
		t.Errorf("one bit flipped, beside its manifest: %v", err)
	}
}

func write(t *testing.T, path string, data []byte) {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestAnAnswerIsOneOfFour(t *testing.T) {
	decision, err := loaded(t, "news2").Evaluate(context.Background(), Case{
		"respiration_rate": 25, "spo2": 91, "scale": "scale_1", "on_oxygen": true, "systolic": 90, "pulse": 131, "consciousness": "voice",
	})
	if err != nil {
		t.Fatal(err)
	}
	total, err := decision.Answer("total")
	unknown, is := total.(Unknown)
	if err != nil || !is || unknown.Possible.From != json.Number("17") || unknown.Possible.To != json.Number("20") || unknown.Needs[0].Fact != "temperature" {
		t.Errorf("%v %v", total, err)
	}
	risk, _ := decision.Answer("risk")
	if value, is := risk.(Value); !is || value.Value != "high" || value.Words().Because != nil {
		t.Errorf("%v", risk)
	}
	if _, err := decision.Answer("risks"); err == nil {
		t.Error("an answer that the rule does not have")
	}
	explained, _ := loaded(t, "news2").Evaluate(context.Background(), `{"spo2":91,"scale":"scale_1"}`, Explain())
	if answer, _ := explained.Answer("saturation"); answer.Words().Source == "" || len(answer.Words().Because) == 0 {
		t.Errorf("%v", answer)
	}
}

func TestTheInstantIsGivenOnce(t *testing.T) {
	rule := loaded(t, "sepsis")
	at := time.Date(2026, 3, 29, 11, 0, 0, 1_999_999, time.FixedZone("", 3600))
	decision, err := rule.Evaluate(context.Background(), Case{"events": []any{}}, AsOf(at))
	if err != nil || decision.AsOf != "2026-03-29T10:00:00.001Z" {
		t.Errorf("%v %v", decision, err)
	}
	_, err = rule.Evaluate(context.Background(), `{"as_of":"2026-03-29T10:00:00Z"}`, AsOf(at))
	var refused *CaseRefused
	if !errors.As(err, &refused) || !reflect.DeepEqual(refused.Faults[0], Fault{Code: "D05", At: "/as_of"}) {
		t.Errorf("%v", err)
	}
}

func TestSettingsAreHeldToTheContract(t *testing.T) {
	ctx, rule := context.Background(), loaded(t, "sepsis")
	text := `{"as_of":"2026-02-01T00:00:00Z"}`
	var refused *SettingRefused
	_, err := rule.Evaluate(ctx, text, Settings(map[string]any{"antibiotics_within": "2 h"}))
	if !errors.As(err, &refused) || refused.Faults[0].Code != "D08" || refused.Faults[0].At != "/antibiotics_within" {
		t.Errorf("outside: %v", err)
	}
	if _, err = rule.Evaluate(ctx, text, ForMember("ZZZ")); !errors.As(err, &refused) || refused.Faults[0].Code != "member" {
		t.Errorf("no such member: %v", err)
	}
	for day, wanted := range map[string]any{
		"2026-01-31T23:59:59Z": nil, "2026-02-01T00:00:00Z": "PT45M", "2027-02-01T23:59:59Z": "PT45M", "2027-02-02T00:00:00Z": nil,
	} {
		decision, err := rule.Evaluate(ctx, `{"as_of":"`+day+`"}`, ForMember("XX1"))
		if err != nil || decision.Settings["antibiotics_within"] != wanted || (len(decision.NotApplied) > 0) != (wanted == nil) {
			t.Errorf("%s: %v %v", day, decision, err)
		}
	}
	decision, err := rule.Evaluate(ctx, text, ForMember("XX1"), Settings(`{"antibiotics_within":"PT30M"}`))
	if err != nil || decision.Settings["antibiotics_within"] != "PT30M" {
		t.Errorf("%v %v", decision, err)
	}
	decision, err = rule.Evaluate(ctx, text)
	if err != nil || len(decision.Settings) > 0 {
		t.Errorf("the settings of a call before are in force: %v %v", decision, err)
	}
}

func TestFaultsAndHooks(t *testing.T) {
	var calls []Call
	var logged []string
	rule := loaded(t, "news2", OnCall(func(c Call) { calls = append(calls, c) }), OnDecision(func(_ *Decision, hash string) { logged = append(logged, hash) }))
	faults, err := rule.Check(context.Background(), Case{"spo2": 200, "colour": "red"})
	if err != nil || len(faults) != 2 || faults[0].Code != "D06" || faults[1].At != "/spo2" {
		t.Errorf("%v %v", faults, err)
	}
	if faults, err = rule.Check(context.Background(), `{"spo2":97}`); err != nil || faults != nil {
		t.Errorf("%v %v", faults, err)
	}
	if calls != nil || logged != nil {
		t.Errorf("a case that is only checked is told: %v %v", calls, logged)
	}
	_, err = rule.Evaluate(context.Background(), Case{"spo2": 200})
	if _, fine := rule.Evaluate(context.Background(), `{"spo2":97}`); err == nil || fine != nil {
		t.Errorf("%v %v", err, fine)
	}
	if len(calls) != 2 || calls[0].Outcome != "refused" || calls[0].Codes[0] != "D08" || calls[1].Outcome != "answered" || calls[1].Unknown == 0 || calls[1].Cases != 1 {
		t.Errorf("%v", calls)
	}
	if !reflect.DeepEqual(logged, []string{hashOf([]byte(`{"spo2":97}`))}) {
		t.Errorf("%v", logged)
	}
}

func TestHooksAreToldOfTables(t *testing.T) {
	var calls []Call
	var known []bool
	rule := loaded(t, "news2", OnCall(func(c Call) { calls = append(calls, c) }), OnDecision(func(d *Decision, _ string) {
		answer, _ := d.Answer("saturation")
		known = append(known, unknown(answer) == 0)
	}))
	columns := Columns{"respiration_rate": []int{25, 12}, "spo2": []any{91, nil}, "scale": []string{"scale_1", "scale_1"}, "on_oxygen": []bool{true, false}}
	if _, err := rule.EvaluateTable(context.Background(), columns, []string{"saturation", "risk"}); err != nil {
		t.Fatal(err)
	}
	if _, err := rule.EvaluateTable(context.Background(), Columns{"spo2": []int{97, 200}}, []string{"risk"}); err == nil {
		t.Error("a value out of range is taken")
	}
	if len(calls) != 2 || calls[0].Outcome != "answered" || calls[0].Unknown != 2 || calls[0].Cases != 2 ||
		calls[1].Outcome != "refused" || !reflect.DeepEqual(calls[1].Codes, []string{"D08"}) || calls[1].Cases != 2 {
		t.Errorf("%v", calls)
	}
	if !reflect.DeepEqual(known, []bool{true, false}) {
		t.Errorf("%v", known)
	}
}

func TestADeadlineStopsACall(t *testing.T) {
	rule := loaded(t, "rota_tcs2016")
	events := make([]any, 800)
	begin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for place := range events {
		at := begin.Add(time.Duration(place) * 20 * time.Hour)
		events[place] = map[string]any{"event": "Shift", "at": at, "finish": at.Add(8 * time.Hour)}
	}
	begun := time.Now()
	_, err := rule.Evaluate(context.Background(), Case{"as_of": "2035-01-01T00:00:00Z", "events": events}, Deadline(5*time.Millisecond))
	var limit *LimitReached
	if !errors.As(err, &limit) || limit.Limit != "deadline" || !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
	if _, err = rule.Evaluate(context.Background(), Case{"as_of": "2035-01-01T00:00:00Z"}); err != nil {
		t.Error(err)
	}
}

func TestTables(t *testing.T) {
	rule := loaded(t, "news2")
	table, err := rule.EvaluateTable(context.Background(), Columns{
		"respiration_rate": []int{25, 12}, "spo2": []any{91, nil}, "scale": []string{"scale_1", "scale_1"}, "on_oxygen": []bool{true, false},
	}, []string{"saturation", "risk"})
	if err != nil {
		t.Fatal(err)
	}
	wanted := Table{
		"saturation": {json.Number("3"), nil}, "saturation.kind": {"value", "unknown"}, "saturation.from": {nil, json.Number("0")},
		"saturation.to": {nil, json.Number("3")}, "risk": {"high", nil}, "risk.kind": {"value", "unknown"},
	}
	if !reflect.DeepEqual(table, wanted) {
		t.Errorf("%v", table)
	}
	_, err = rule.EvaluateTable(context.Background(), Columns{"spo2": []int{97, 200}}, []string{"risk"})
	var refused *CaseRefused
	if !errors.As(err, &refused) || refused.Faults[0].Code != "D08" || refused.Faults[0].At != "/1/spo2" {
		t.Errorf("%v", err)
	}
	table, err = loaded(t, "sepsis").EvaluateTable(context.Background(), Columns{"age": []int{70}}, []string{"antibiotics_1h", "antibiotics_1h.due"}, AsOf(time.Now()))
	if err != nil || table["antibiotics_1h.kind"][0] != "unknown" || table["antibiotics_1h.due"][0] != nil {
		t.Errorf("%v %v", table, err)
	}
}

// seconds is how long a test under load goes on.
func seconds() time.Duration {
	if wanted, err := strconv.Atoi(os.Getenv("CONCORD_SECONDS")); err == nil {
		return time.Duration(wanted) * time.Second
	}
	return time.Second
}

func TestEightThreadsShareARule(t *testing.T) {
	rule := loaded(t, "sepsis")
	type asked struct {
		text, settings string
		wanted         []byte
	}
	cases := []asked{}
	for hour := range 24 {
		for _, settings := range []string{`{}`, `{"antibiotics_within":"PT45M"}`} {
			text := `{"as_of":"2026-03-29T` + time.Date(0, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04") + `Z","age":70,"events":[{"event":"SepsisTriage","at":"2026-03-29T05:00Z"}]}`
			decision, err := rule.Evaluate(context.Background(), text, Settings(settings))
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, asked{text, settings, decision.JSON})
		}
	}
	var wrong, made atomic.Int64
	load := func(lasting time.Duration) {
		var group sync.WaitGroup
		until := time.Now().Add(lasting)
		for thread := range 8 {
			group.Go(func() {
				for turn := thread; time.Now().Before(until); turn++ {
					of := cases[turn%len(cases)]
					decision, err := rule.Evaluate(context.Background(), of.text, Settings(of.settings))
					if err != nil || !bytes.Equal(decision.JSON, of.wanted) {
						wrong.Add(1)
					}
					made.Add(1)
				}
			})
		}
		group.Wait()
	}
	held := func() uint64 {
		runtime.GC()
		runtime.GC() // what finalizers let go in the first is freed in the second
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return memory.HeapAlloc
	}
	// As many instances as threads can ask for at once are there before: how many come to be by chance is no growth.
	instances := make([]*instance, 8)
	for place := range instances {
		made, err := rule.pool.take("{}")
		if err != nil {
			t.Fatal(err)
		}
		instances[place] = made
	}
	for _, made := range instances {
		rule.pool.give(made)
	}
	load(seconds() / 4)
	// An instance takes its room when it is first used, at whatever round that is; what leaks does so in each of them.
	heap, grows := held(), true
	for round := 0; grows && round < 6; round++ {
		before := heap
		load(seconds())
		heap = held()
		grows = heap > before+(1<<20)
	}
	if grows || len(rule.pool.idle) > 8 {
		t.Errorf("in each of six rounds more was held, %d bytes in the end, with %d instances", heap, len(rule.pool.idle))
	}
	if wrong.Load() > 0 {
		t.Errorf("%d of %d calls went wrong", wrong.Load(), made.Load())
	}
	t.Logf("%d calls", made.Load())
}

func TestReloadingUnderLoadLosesNoCallAndMixesNoVersions(t *testing.T) {
	folder, path := t.TempDir(), ""
	path = filepath.Join(folder, "news2.wasm")
	first := bytesOf(t, "news2")
	second := bytesOf(t, "later/news2")
	version := map[string]string{hashOf(first): "1.0.0", hashOf(second): "1.0.1"}
	write(t, path, first)
	var changes, refusals atomic.Int64
	rules, err := Open(context.Background(), folder, AllowDraft(),
		OnChange(func(_, _ *Rule) { changes.Add(1) }), OnRefused(func(string, error) { refusals.Add(1) }))
	if err != nil {
		t.Fatal(err)
	}
	defer rules.Close()
	rules.Watch(5 * time.Millisecond)
	var wrong, made, newer atomic.Int64
	var group sync.WaitGroup
	done := make(chan struct{})
	for range 8 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				rule, err := rules.Rule("clinical.news2")
				if err != nil {
					wrong.Add(1)
					continue
				}
				decision, err := rule.Evaluate(context.Background(), `{"spo2":97}`)
				if err != nil || version[decision.SHA256] != decision.Version || rule.Info().Version != decision.Version {
					wrong.Add(1)
				} else if decision.Version == "1.0.1" {
					newer.Add(1)
				}
				made.Add(1)
			}
		})
	}
	for until, turn := time.Now().Add(seconds()), 0; turn < 6 || time.Now().Before(until); turn++ {
		told := changes.Load() + refusals.Load()
		write(t, path, [][]byte{second, []byte("<html>"), first}[turn%3])
		for patience := 0; changes.Load()+refusals.Load() == told && patience < 60_000; patience++ {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond)
	}
	close(done)
	group.Wait()
	if wrong.Load() > 0 || newer.Load() == 0 || changes.Load() < 3 || refusals.Load() == 0 {
		t.Errorf("%d of %d calls went wrong, %d in the newer version; %d changes and %d refusals", wrong.Load(), made.Load(), newer.Load(), changes.Load(), refusals.Load())
	}
}

func TestTwoFilesOfOneVersion(t *testing.T) {
	folder, module := t.TempDir(), bytesOf(t, "news2")
	write(t, filepath.Join(folder, "a.wasm"), module)
	write(t, filepath.Join(folder, "b.wasm"), append(bytes.Clone(module), 0, 3, 1, 'x', 0))
	_, err := Open(context.Background(), folder, AllowDraft())
	var refused *RuleRefused
	if !errors.As(err, &refused) || refused.Code != "twice" {
		t.Errorf("%v", err)
	}
}
