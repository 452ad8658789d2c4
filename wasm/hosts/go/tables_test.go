package concord

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// columnsOf are the facts of the cases with which a module is tried, and the instants at which they are judged where all have one.
func columnsOf(t *testing.T, vectors string, rule *Rule) Columns {
	text, err := os.ReadFile(vectors)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Cases []struct {
			Case map[string]any `json:"case"`
		} `json:"cases"`
	}
	if err := decode(text, &read); err != nil {
		t.Fatal(err)
	}
	columns, timed := Columns{}, len(read.Cases) > 0
	column := func(name string) []any {
		entries := make([]any, len(read.Cases))
		for row, of := range read.Cases {
			entries[row] = of.Case[name]
			timed = timed && of.Case["as_of"] != nil
		}
		return entries
	}
	for _, fact := range rule.Schema().Facts {
		columns[fact.Name] = column(fact.Name)
	}
	if times := column("as_of"); timed {
		columns["as_of"] = times
	}
	return columns
}

// everything is all that can be wanted of a rule, but for codes, which batches do not give here.
func everything(rule *Rule) (names []string) {
	for _, given := range rule.Schema().Answers {
		if given.Type != nil && !given.Type.shows() {
			continue
		}
		names = append(names, given.Name)
		if given.Type == nil {
			names = append(names, given.Name+".from", given.Name+".due", given.Name+".done")
		}
	}
	return names
}

func TestBatchesAnswerAsCasesDo(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(modules(t), "*.vectors.json"))
	for _, vectors := range files {
		name := strings.TrimSuffix(filepath.Base(vectors), ".vectors.json")
		rule := loaded(t, name)
		// Where decisions are logged, each row is asked about as a case.
		oneByOne := loaded(t, name, OnDecision(func(*Decision, string) {}))
		columns := columnsOf(t, vectors, rule)
		same := func(want ...string) {
			t.Helper()
			one, err := rule.EvaluateTable(context.Background(), columns, want)
			other, failed := oneByOne.EvaluateTable(context.Background(), columns, want)
			var refused, alike *CaseRefused
			if errors.As(err, &refused) != errors.As(failed, &alike) || !reflect.DeepEqual(one, other) || !reflect.DeepEqual(refused, alike) {
				t.Errorf("%s, %v: %v %v is not %v %v", name, want, one, err, other, failed)
			}
		}
		same(everything(rule)...)
		for _, column := range columns {
			for row := 0; row < len(column.([]any)); row += 3 {
				column.([]any)[row] = nil
			}
		}
		same(everything(rule)...)
		number := 0
		for _, column := range columns {
			if entries := column.([]any); number < len(entries) {
				entries[number] = "<0.5"
			}
			number++
		}
		same(everything(rule)...)
	}
}
