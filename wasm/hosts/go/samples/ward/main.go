// A folder of rules that reloads while it is in use, a table of patients, metrics and a decision log: `go run ./samples/ward FOLDER`.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"concord"
)

func main() {
	ctx := context.Background()
	rules, err := concord.Open(ctx, os.Args[1], concord.AllowDraft(),
		concord.OnRefused(func(path string, why error) { log.Println(path, why) }),
		concord.OnCall(func(call concord.Call) { log.Println(call.Package, call.Outcome, call.Took) }),
		concord.OnDecision(func(decision *concord.Decision, hash string) { log.Println(hash, len(decision.JSON), "bytes") }))
	if err != nil {
		log.Fatal(err)
	}
	defer rules.Close()
	rules.Watch(2 * time.Second)

	news2, err := rules.Rule("clinical.news2")
	if err != nil {
		log.Fatal(err)
	}
	table, err := news2.EvaluateTable(ctx, concord.Columns{
		"respiration_rate": []int{25, 14, 18},
		"spo2":             []any{91, 97, nil},
		"scale":            []string{"scale_1", "scale_1", "scale_1"},
		"on_oxygen":        []bool{true, false, false},
		"systolic":         []int{90, 125, 118},
		"pulse":            []int{131, 72, 88},
		"consciousness":    []string{"voice", "alert", "alert"},
		"temperature":      []float64{35.0, 36.8, 37.1},
	}, []string{"total", "risk"})
	if err != nil {
		log.Fatal(err)
	}
	for row, total := range table["total"] {
		if table["total.kind"][row] == "unknown" {
			fmt.Printf("patient %d: %v to %v\n", row, table["total.from"][row], table["total.to"][row])
			continue
		}
		fmt.Printf("patient %d: %v, %v\n", row, total, table["risk"][row])
	}
}
