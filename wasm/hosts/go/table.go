package concord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Columns are facts by name, each a slice with an entry for every case; a nil entry is missing. "as_of" may be one of them.
type Columns map[string]any

// Table holds what came out, by name: nil, a bool, a string or a [json.Number] for every case.
type Table map[string][]any

// mostFaults is how many faults are listed.
const mostFaults = 50

// ranges are the types of which an unknown lies between two values.
var ranges = []string{"number", "duration", "instant", "date", "time_of_day"}

// EvaluateTable answers many cases without events. Every kind of event counts as not supplied. For a wanted answer come out NAME, NAME.kind and, of
// what can lie between two values, NAME.from and NAME.to; NAME.due and the like of an obligation where they are wanted by this name.
func (r *Rule) EvaluateTable(ctx context.Context, columns Columns, want []string, asks ...Ask) (Table, error) {
	rows, err := length(columns)
	if err != nil {
		return nil, err
	}
	wanted, err := r.wanted(want)
	if err != nil {
		return nil, err
	}
	out, faults := Table{}, []Fault(nil)
	for row := range rows {
		text, err := r.row(columns, row)
		if err != nil {
			return nil, err
		}
		decision, err := r.Evaluate(ctx, text, asks...)
		var refused *CaseRefused
		if errors.As(err, &refused) {
			for _, fault := range refused.Faults {
				fault.At = fmt.Sprintf("/%d%s", row, fault.At)
				faults = append(faults, fault)
			}
			if len(faults) > mostFaults {
				return nil, &CaseRefused{append(faults[:mostFaults], Fault{Code: "D19"})}
			}
			continue
		}
		var broken *ClaimBroken
		if errors.As(err, &broken) {
			out.broken(wanted)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", row, err)
		}
		if err := out.add(decision, wanted); err != nil {
			return nil, err
		}
	}
	if faults != nil {
		return nil, &CaseRefused{faults}
	}
	return out, nil
}

// length is how many cases the columns have.
func length(columns Columns) (int, error) {
	rows := -1
	for name, column := range columns {
		of := reflect.ValueOf(column)
		if of.Kind() != reflect.Slice {
			return 0, fmt.Errorf("column %s is no slice", name)
		}
		if rows >= 0 && of.Len() != rows {
			return 0, fmt.Errorf("column %s has %d entries and another %d", name, of.Len(), rows)
		}
		rows = of.Len()
	}
	return max(rows, 0), nil
}

// row is the text of one case.
func (r *Rule) row(columns Columns, row int) ([]byte, error) {
	of := make(map[string]any, len(columns)+1)
	for name, column := range columns {
		of[name] = reflect.ValueOf(column).Index(row).Interface()
	}
	if events := r.schema.Events; len(events) > 0 {
		kinds := make([]string, len(events))
		for place, event := range events {
			kinds[place] = event.Name
		}
		of["not_supplied"] = kinds
	}
	return json.Marshal(of)
}

// column is one that is wanted: of an answer, the whole of it or one part.
type column struct {
	answer, part string
	between      bool
}

func (r *Rule) wanted(want []string) ([]column, error) {
	found := make([]column, 0, len(want))
	for _, name := range want {
		known := false
		for _, given := range r.schema.Answers {
			if given.Name == name {
				between := given.Type != nil && slices.Contains(ranges, given.Type.Kind)
				found, known = append(found, column{name, "", between}), true
				break
			}
		}
		if known {
			continue
		}
		cut := strings.LastIndexByte(name, '.')
		judged := func(given Given) bool { return cut > 0 && given.Name == name[:cut] && given.Type == nil }
		if !slices.ContainsFunc(r.schema.Answers, judged) {
			return nil, fmt.Errorf("%s has no answer %q", r.info.Package, name)
		}
		found = append(found, column{name[:cut], name[cut+1:], false})
	}
	return found, nil
}

// add adds the wanted answers of a case.
func (t Table) add(decision *Decision, wanted []column) error {
	for _, column := range wanted {
		answer, err := decision.Answer(column.answer)
		if err != nil {
			return err
		}
		if column.part != "" {
			part, err := partOf(answer, column.part)
			if err != nil {
				return err
			}
			t.put(column.answer+"."+column.part, part)
			continue
		}
		var value, from, to any
		kind := "value"
		switch of := answer.(type) {
		case Value:
			value = of.Value
		case None:
			kind = "none"
		case Unknown:
			kind, from, to = "unknown", of.Possible.From, of.Possible.To
		case Verdict:
			if value = of.Verdict; of.Verdict == "unknown" {
				kind, value = "unknown", nil
			}
		}
		t.put(column.answer, value)
		t.put(column.answer+".kind", kind)
		if column.between {
			t.put(column.answer+".from", from)
			t.put(column.answer+".to", to)
		}
	}
	return nil
}

// broken adds a case that has no answers, as it reaches what the rule claims to be impossible.
func (t Table) broken(wanted []column) {
	for _, column := range wanted {
		if column.part != "" {
			t.put(column.answer+"."+column.part, nil)
			continue
		}
		t.put(column.answer, nil)
		t.put(column.answer+".kind", "broken")
		if column.between {
			t.put(column.answer+".from", nil)
			t.put(column.answer+".to", nil)
		}
	}
}

func (t Table) put(name string, entry any) { t[name] = append(t[name], entry) }

// parts of a verdict that a table can have as columns.
var parts = []string{"from", "due", "due_on", "done", "late_by", "late_by_days", "late_by_working_days", "excuse"}

func partOf(answer Answer, part string) (any, error) {
	if !slices.Contains(parts, part) {
		return nil, fmt.Errorf("an obligation has no %q", part)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	var of map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&of)
	return of[part], err
}
