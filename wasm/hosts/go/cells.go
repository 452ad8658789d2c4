package concord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ranges are the types of which an unknown lies between two values.
var ranges = []string{"number", "duration", "instant", "date", "time_of_day"}

// parts of a verdict that a table can have as columns.
var parts = []string{"from", "due", "due_on", "done", "late_by", "late_by_days", "late_by_working_days", "excuse"}

// wanted is a column that is wanted: of an answer, the whole of it or one part.
type wanted struct {
	answer, part string
	between      bool
}

func (r *Rule) wanted(want []string) ([]wanted, error) {
	found := make([]wanted, 0, len(want))
	for _, name := range want {
		place := slices.IndexFunc(r.schema.Answers, func(given Given) bool { return given.Name == name })
		if place >= 0 {
			of := r.schema.Answers[place].Type
			found = append(found, wanted{name, "", of != nil && slices.Contains(ranges, of.Kind)})
			continue
		}
		cut := strings.LastIndexByte(name, '.')
		judged := func(given Given) bool { return cut > 0 && given.Name == name[:cut] && given.Type == nil }
		if !slices.ContainsFunc(r.schema.Answers, judged) || !slices.Contains(parts, name[cut+1:]) {
			return nil, fmt.Errorf("%s has no answer %q", r.info.Package, name)
		}
		found = append(found, wanted{name[:cut], name[cut+1:], false})
	}
	return found, nil
}

// cell is what is known of an answer in a row; from and to say between which two it lies where it is unknown.
type cell struct {
	kind            string
	value, from, to any
}

// cells are those of all rows, for each that is wanted.
type cells struct {
	wanted []wanted
	rows   [][]cell
}

func newCells(wanted []wanted, rows int) *cells {
	of := make([][]cell, len(wanted))
	for place := range of {
		of[place] = make([]cell, rows)
	}
	return &cells{wanted, of}
}

// decided is a row that was asked about as a case.
func (c *cells) decided(row int, decision *Decision) error {
	for place, wanted := range c.wanted {
		answer, err := decision.Answer(wanted.answer)
		if err != nil {
			return err
		}
		if wanted.part != "" {
			part, err := partOf(answer, wanted.part)
			if err != nil {
				return err
			}
			c.rows[place][row].value = part
			continue
		}
		c.rows[place][row] = cellOf(answer)
	}
	return nil
}

func cellOf(answer Answer) cell {
	switch of := answer.(type) {
	case Value:
		return cell{kind: "value", value: of.Value}
	case None:
		return cell{kind: "none"}
	case Unknown:
		return cell{kind: "unknown", from: of.Possible.From, to: of.Possible.To}
	case Verdict:
		if of.Verdict != "unknown" {
			return cell{kind: "value", value: of.Verdict}
		}
	}
	return cell{kind: "unknown"}
}

// broken is a row that has no answers, as it reaches what the rule claims to be impossible.
func (c *cells) broken(row int) {
	for place := range c.wanted {
		c.rows[place][row] = cell{kind: "broken"}
	}
}

// table has the columns and their names.
func (c *cells) table() Table {
	out := Table{}
	column := func(name string, rows []cell, entry func(of *cell) any) {
		entries := make([]any, len(rows))
		for row := range rows {
			entries[row] = entry(&rows[row])
		}
		out[name] = entries
	}
	for place, wanted := range c.wanted {
		rows, name := c.rows[place], wanted.answer
		if wanted.part != "" {
			column(name+"."+wanted.part, rows, func(of *cell) any { return of.value })
			continue
		}
		column(name, rows, func(of *cell) any { return of.value })
		column(name+".kind", rows, func(of *cell) any { return of.kind })
		if wanted.between {
			column(name+".from", rows, func(of *cell) any { return of.from })
			column(name+".to", rows, func(of *cell) any { return of.to })
		}
	}
	return out
}

func partOf(answer Answer, part string) (any, error) {
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
