package concord

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

const (
	batchRoom = 1 << 20 // about how many bytes a batch may take
	mostRows  = 4096
)

// placing is what the manifest says of the columns of a batch; wasm/ABI.md has what it means.
type placing struct {
	Columns       int   `json:"columns"`
	ColumnsEvents int   `json:"columns_events"`
	ColumnsOut    int   `json:"columns_out"`
	RecordOut     int   `json:"record_out"`
	FieldBytes    []int `json:"event_field_bytes"`
	Facts         []struct {
		Field
		Bytes int
	} `json:"facts"`
	Events  []struct{}            `json:"events"`
	Outputs []struct{ Bytes int } `json:"outputs"`
	Answers []struct {
		Name                                string
		Type                                *Type
		Output, Verdict, Trigger, Due, Done *int
	} `json:"answers"`
	Verdicts []string `json:"verdicts"`
}

// whole says whether it can be so at all: what a damaged manifest says may lie anywhere.
func (p *placing) whole() bool {
	const most = 1 << 24
	size := func(bytes int) bool { return slices.Contains([]int{1, 2, 4, 8}, bytes) }
	ok := min(p.Columns, p.ColumnsEvents, p.ColumnsOut, p.RecordOut) > 0 && max(p.Columns, p.ColumnsEvents, p.ColumnsOut, p.RecordOut) < most
	for _, fact := range p.Facts {
		ok = ok && size(fact.Bytes)
	}
	for _, output := range p.Outputs {
		ok = ok && size(output.Bytes)
	}
	for _, answer := range p.Answers {
		for _, output := range []*int{answer.Output, answer.Verdict, answer.Trigger, answer.Due, answer.Done} {
			ok = ok && (output == nil || *output >= 0 && *output < len(p.Outputs))
		}
	}
	return ok
}

// goesIn is a column that goes in: what an entry is, and where values stand and which of them are there. The fact is -1 of the instants to judge at.
type goesIn struct {
	entries       reflect.Value
	of            Type
	low, high     int64
	fact, bytes   int
	values, there int
}

// comesOut is something that is wanted: its output, how that is read, and where its column stands.
type comesOut struct {
	output, bytes, low int
	of                 Type
	part               bool
}

// block is a batch: what stands where, from the address that the module gives. The block of columns stands at its beginning.
type block struct {
	*placing
	in                             []goesIn
	out                            []comesOut
	asOf                           int64
	rows, bytes                    int
	outputs, status, none, records int
}

// integerOf is an integer of the manifest.
func integerOf(of any) (int64, error) { return strconv.ParseInt(fmt.Sprint(of), 10, 64) }

// output is the output of an answer or of a part of it, and how that is read; not ok where batches do not give it.
func (p *placing) output(of wanted) (comesOut, bool) {
	for _, answer := range p.Answers {
		if answer.Name != of.answer {
			continue
		}
		output, kind := answer.Output, Type{Kind: "instant"}
		switch {
		case of.part == "from":
			output = answer.Trigger
		case of.part == "due":
			output = answer.Due
		case of.part == "done":
			output = answer.Done
		case of.part != "":
			return comesOut{}, false
		case answer.Type != nil:
			kind = *answer.Type
		default:
			output, kind = answer.Verdict, Type{Kind: "enum", Variants: p.Verdicts}
		}
		if output == nil || !kind.shows() {
			return comesOut{}, false
		}
		return comesOut{output: *output, bytes: p.Outputs[*output].Bytes, of: kind, part: of.part != ""}, true
	}
	return comesOut{}, false
}

// input is the column of a fact, or of the instants to judge at.
func (p *placing) input(name string, entries any) (goesIn, bool) {
	column := goesIn{entries: reflect.ValueOf(entries), of: Type{Kind: "instant"}, low: firstInstant, high: lastInstant, fact: -1, bytes: 8}
	if name == "as_of" {
		return column, true
	}
	for place, fact := range p.Facts {
		if fact.Name != name {
			continue
		}
		low, err := integerOf(fact.From)
		high, failed := integerOf(fact.To)
		if fact.Type.Kind == "instant" {
			high = min(high, lastInstant)
		}
		column.of, column.low, column.high, column.fact, column.bytes = fact.Type, low, high, place, fact.Bytes
		return column, err == nil && failed == nil && fact.Type.stands()
	}
	return column, false
}

// blockOf is nil where something goes in, or is wanted, that batches here do not have.
func (p *placing) blockOf(columns Columns, wanted []wanted, a *asking) *block {
	b := &block{placing: p}
	if a.asOf != "" {
		at, ok := Type{Kind: "instant"}.integer(a.asOf)
		if _, twice := columns["as_of"]; !ok || twice || at < firstInstant || at > lastInstant {
			return nil
		}
		b.asOf = at
	}
	for name, entries := range columns {
		column, ok := p.input(name, entries)
		if !ok {
			return nil
		}
		b.in = append(b.in, column)
	}
	for _, of := range wanted {
		column, ok := p.output(of)
		if !ok {
			return nil
		}
		b.out = append(b.out, column)
	}
	b.place()
	return b
}

// place lays everything out.
func (b *block) place() {
	row := 8 + b.RecordOut
	for _, of := range b.in {
		row += of.bytes + 1
	}
	for _, of := range b.out {
		row += of.bytes
	}
	b.rows = min(max(batchRoom/row, 8), mostRows) &^ 7
	aside := func(bytes int) int {
		at := b.bytes
		b.bytes += (bytes + 7) &^ 7
		return at
	}
	aside(b.Columns)
	b.outputs = aside(b.ColumnsOut)
	for place := range b.in {
		of := &b.in[place]
		of.values, of.there = aside(b.rows*of.bytes), aside(b.rows/8)
	}
	for place := range b.out {
		b.out[place].low = aside(b.rows * b.out[place].bytes)
	}
	b.status, b.none, b.records = aside(4*b.rows), aside(4*(b.rows+1)), aside(b.RecordOut*b.rows)
}

// fill writes the rows from start, where the block begins at base; those that no column can hold.
func (b *block) fill(memory []byte, base, start, count int) (left []int) {
	clear(memory)
	pointer := func(at, to int) { put(memory, at, int64(base+to), 8) }
	put(memory, 0, b.asOf, 8)
	pointer(b.outputs, b.status)
	pointer(b.outputs+8, b.records)
	put(memory, b.outputs+16, int64(b.rows), 8)
	for _, of := range b.out {
		pointer(b.outputs+24+8*of.output, of.low)
	}
	if len(b.Events) > 0 {
		put(memory, 16, 1<<len(b.Events)-1, 8)
		for part := range 3 + len(b.FieldBytes) {
			pointer(b.ColumnsEvents+8*part, b.none)
		}
	}
	asCases := make([]bool, count)
	for _, of := range b.in {
		if of.fact < 0 {
			pointer(8, of.values)
		} else {
			pointer(32+16*of.fact, of.values)
			pointer(40+16*of.fact, of.there)
		}
		of.write(memory, start, asCases)
	}
	for row, asCase := range asCases {
		if asCase {
			left = append(left, start+row)
		}
	}
	return left
}

// write writes the entries of these rows, and notes the rows in which one cannot stand.
func (of *goesIn) write(memory []byte, start int, left []bool) {
	for row := range left {
		entry := of.entries.Index(start + row).Interface()
		if entry == nil {
			left[row] = left[row] || of.fact < 0 // the module says that it is missing
			continue
		}
		value, ok := of.of.integer(entry)
		if !ok || value < of.low || value > of.high {
			left[row] = true
			continue
		}
		put(memory, of.values+row*of.bytes, value, of.bytes)
		memory[of.there+row/8] |= 1 << (row % 8)
	}
}

// take puts what came out for the rows from start, of which so many left a record, into cells.
func (b *block) take(memory []byte, start, count, records int, into *cells) {
	for place, of := range b.out {
		none := int64(-1) << (8*of.bytes - 1)
		rows := into.rows[place][start : start+count]
		for row := range rows {
			if get(memory, b.status+4*row, 4) != 0 {
				continue
			}
			if value := get(memory, of.low+row*of.bytes, of.bytes); value == none {
				rows[row] = cell{kind: "none"}
			} else {
				rows[row] = cell{kind: "value", value: of.of.show(value)}
			}
		}
		for number := range records {
			at := b.records + number*b.RecordOut
			slot := func(part int) int64 { return get(memory, at+8+8*(part*len(b.Outputs)+of.output), 8) }
			if get(memory, at, 4)&2 != 0 {
				rows[get(memory, at+4, 4)] = cell{kind: "broken"}
			} else {
				rows[get(memory, at+4, 4)] = of.possible(slot(0), slot(1), slot(2))
			}
		}
	}
}

// possible is what a record says is possible.
func (of *comesOut) possible(low, high, presence int64) cell {
	set := of.of.Kind == "enum"
	one := low == high
	if set {
		one = high&(high-1) == 0
	}
	switch {
	case presence == 2:
		return cell{kind: "none"}
	case presence == 1 && one:
		return cell{kind: "value", value: of.of.show(low)}
	case of.part || set || of.of.Kind == "yes_no" || presence&1 == 0:
		return cell{kind: "unknown"}
	}
	return cell{kind: "unknown", from: of.of.show(low), to: of.of.show(high)}
}

func put(memory []byte, at int, value int64, bytes int) {
	var of [8]byte
	binary.LittleEndian.PutUint64(of[:], uint64(value))
	copy(memory[at:at+bytes], of[:])
}

func get(memory []byte, at, bytes int) int64 {
	var of [8]byte
	copy(of[:], memory[at:at+bytes])
	unused := 64 - 8*bytes
	return int64(binary.LittleEndian.Uint64(of[:])) << unused >> unused
}

// inBatches answers the rows that batches can; which ones are left.
func (r *Rule) inBatches(ctx context.Context, columns Columns, rows int, into *cells, asks []Ask) ([]int, error) {
	all := make([]int, rows)
	for row := range all {
		all[row] = row
	}
	a := asking{}
	for _, ask := range asks {
		ask(&a)
	}
	_, timed := columns["as_of"]
	b := r.placing.blockOf(columns, into.wanted, &a)
	// A decision log has every decision, and a member's settings hold by the day of each row.
	if b == nil || rows == 0 || r.hooks.decision != nil || (timed && a.member != "") {
		return all, nil
	}
	if !timed && a.asOf == "" {
		// Whether a case must say at which instant it is judged, the module says.
		var refused *CaseRefused
		if _, err := r.evaluate(ctx, []byte("{}"), &asking{}); errors.As(err, &refused) {
			return all, nil
		}
	}
	ctx, cancel, err := a.within(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	settings, err := r.settingsOfAll(ctx, &a)
	if err != nil {
		return nil, err
	}
	used, err := r.pool.take(settings)
	if err != nil {
		return nil, &LimitReached{Limit: "room", cause: err}
	}
	left := []int{}
	err = used.configure(ctx, settings)
	if err == nil {
		left, err = used.batches(ctx, b, rows, into)
	}
	var setting *SettingRefused
	if err != nil && !errors.As(err, &setting) {
		r.pool.drop(used)
		return nil, err
	}
	r.pool.give(used)
	return left, err
}

// batches answers row after row, as many at a time as the block has; the rows that no column can hold.
func (i *instance) batches(ctx context.Context, b *block, rows int, into *cells) (left []int, err error) {
	defer unlessWhole(&err, "stopped")
	if _, err := i.call(ctx, "reset"); err != nil {
		return nil, err
	}
	at, err := i.call(ctx, "alloc", uint64(b.bytes+8))
	if err != nil {
		return nil, err
	}
	base := (int(at) + 7) &^ 7
	memory := func() ([]byte, error) {
		bytes, ok := i.memory.Read(uint32(base), uint32(b.bytes))
		if at == 0 || !ok {
			return nil, &LimitReached{Limit: "room"}
		}
		return bytes, nil
	}
	for start := 0; start < rows; start += b.rows {
		count := min(b.rows, rows-start)
		bytes, err := memory()
		if err != nil {
			return nil, err
		}
		left = append(left, b.fill(bytes, base, start, count)...)
		records, err := i.call(ctx, "evaluate_batch", uint64(count), uint64(base), uint64(base+b.outputs))
		if err != nil {
			return nil, err
		}
		if records < 0 {
			return nil, &LimitReached{Limit: "room"}
		}
		if bytes, err = memory(); err != nil {
			return nil, err
		}
		b.take(bytes, start, count, int(records), into)
	}
	return left, nil
}
