package concord

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// Columns are facts by name, each a slice with an entry for every case; a nil entry is missing. "as_of" may be one of them.
type Columns map[string]any

// Table holds what came out, by name: nil, a bool, a string or a json.Number for every case.
type Table map[string][]any

// mostFaults is how many faults are listed.
const mostFaults = 50

// EvaluateTable answers many cases without events, by the module's entry for batches; a row with an entry that no column can hold, such as "<0.5" or what
// is refused, is asked about as a case, and so are all where something is wanted that batches do not give. Every kind of event counts as not supplied. For a wanted answer come out NAME, NAME.kind and, of
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
	begun, out := time.Now(), newCells(wanted, rows)
	err = r.answerRows(ctx, columns, rows, out, asks)
	r.told(rows, out.unknown, err, begun)
	if err != nil {
		return nil, err
	}
	if err := r.logRows(ctx, columns, rows, asks); err != nil {
		return nil, err
	}
	return out.table(), nil
}

// logRows tells the decision log, where there is one, of each row as of a case.
func (r *Rule) logRows(ctx context.Context, columns Columns, rows int, asks []Ask) error {
	if r.hooks.decision == nil {
		return nil
	}
	for row := range rows {
		text, err := r.row(columns, row)
		if err != nil {
			return err
		}
		decision, text, err := r.judge(ctx, text, asks)
		var broken *ClaimBroken
		if err != nil && !errors.As(err, &broken) {
			return fmt.Errorf("row %d: %w", row, err)
		}
		r.logged(decision, text)
	}
	return nil
}

// answerRows answers every row, or none.
func (r *Rule) answerRows(ctx context.Context, columns Columns, rows int, out *cells, asks []Ask) error {
	left, err := r.inBatches(ctx, columns, rows, out, asks)
	if err != nil {
		return err
	}
	faults := []Fault(nil)
	for _, row := range left {
		text, err := r.row(columns, row)
		if err != nil {
			return err
		}
		decision, _, err := r.judge(ctx, text, asks)
		var refused *CaseRefused
		if errors.As(err, &refused) {
			for _, fault := range refused.Faults {
				fault.At = fmt.Sprintf("/%d%s", row, fault.At)
				faults = append(faults, fault)
			}
			if len(faults) > mostFaults {
				return &CaseRefused{append(faults[:mostFaults], Fault{Code: "D19"})}
			}
			continue
		}
		var broken *ClaimBroken
		if errors.As(err, &broken) {
			out.broken(row)
			continue
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", row, err)
		}
		if err := out.decided(row, decision); err != nil {
			return err
		}
	}
	if faults != nil {
		return &CaseRefused{faults}
	}
	return nil
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
	return textOf(of)
}
