// What a case and a row cost on this machine: `go run ./samples/speed news2.wasm`.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"syscall"
	"time"

	"concord"
)

const (
	cases = 10_000
	rows  = 100_000
)

var text = []byte(`{"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice","temperature":35.0}`)

// table has rows of observations, all there.
func table() concord.Columns {
	columns := concord.Columns{}
	fill := func(name string, of func(row int) any) {
		column := make([]any, rows)
		for row := range rows {
			column[row] = of(row)
		}
		columns[name] = column
	}
	between := func(low, high int) func(int) any {
		return func(row int) any { return low + row*7919%(high-low+1) }
	}
	one := func(names ...any) func(int) any { return func(row int) any { return names[row%len(names)] } }
	fill("respiration_rate", between(8, 30))
	fill("spo2", between(85, 100))
	fill("scale", one("scale_1", "scale_2"))
	fill("on_oxygen", one(true, false))
	fill("systolic", between(80, 230))
	fill("pulse", between(30, 150))
	fill("consciousness", one("alert", "new_confusion", "voice", "pain", "unresponsive"))
	fill("temperature", func(row int) any { return float64(340+row*7919%61) / 10 })
	return columns
}

// spent is the time of processors so far, those of the collector among it.
func spent() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// best is the least time that one of so many takes, in nanoseconds.
func best(many int, ask func() error) int64 {
	least := time.Duration(1 << 62)
	for range 5 {
		begun := spent()
		if err := ask(); err != nil {
			log.Fatal(err)
		}
		least = min(least, spent()-begun)
	}
	return least.Nanoseconds() / int64(many)
}

func main() {
	ctx := context.Background()
	news2, err := concord.Load(ctx, os.Args[1], concord.AllowDraft())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("case %d ns\n", best(cases, func() error {
		for range cases {
			if _, err := news2.Evaluate(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}))
	columns := table()
	fmt.Printf("row %d ns\n", best(rows, func() error {
		_, err := news2.EvaluateTable(ctx, columns, []string{"total", "risk"})
		return err
	}))
}
