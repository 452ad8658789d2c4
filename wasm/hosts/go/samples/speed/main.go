// What a case and a row cost on this machine, in time of its processors: `go run ./samples/speed news2.wasm`.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"syscall"

	"concord"
)

const (
	cases = 20_000
	rows  = 20_000
	text  = `{"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice","temperature":35.0}`
)

// spent is the time of processors so far, in microseconds.
func spent() float64 {
	var of syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &of); err != nil {
		log.Fatal(err)
	}
	return float64(of.Utime.Nano()+of.Stime.Nano()) / 1e3
}

func main() {
	ctx := context.Background()
	rule, err := concord.Load(ctx, os.Args[1], concord.AllowDraft())
	if err != nil {
		log.Fatal(err)
	}
	ask := func() {
		for range cases {
			if _, err := rule.Evaluate(ctx, text); err != nil {
				log.Fatal(err)
			}
		}
	}
	ask() // once to get warm
	begun := spent()
	ask()
	fmt.Printf("a case %.1f µs\n", (spent()-begun)/cases)

	columns := concord.Columns{
		"respiration_rate": make([]int, rows), "spo2": make([]int, rows), "scale": make([]string, rows), "on_oxygen": make([]bool, rows),
	}
	for row := range rows {
		columns["respiration_rate"].([]int)[row], columns["spo2"].([]int)[row] = 8+row%23, 85+row%16
		columns["scale"].([]string)[row], columns["on_oxygen"].([]bool)[row] = "scale_1", row%2 == 0
	}
	begun = spent()
	if _, err := rule.EvaluateTable(ctx, columns, []string{"total", "risk"}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("a row %.1f µs\n", (spent()-begun)/rows)
}
