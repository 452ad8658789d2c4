// A score with a value missing: `go run ./samples/score news2.wasm`.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"concord"
)

func main() {
	ctx := context.Background()
	news2, err := concord.Load(ctx, os.Args[1], concord.AllowDraft()) // a live system refuses drafts
	if err != nil {
		log.Fatal(err)
	}
	decision, err := news2.Evaluate(ctx, concord.Case{
		"respiration_rate": 25, "spo2": 91, "scale": "scale_1", "on_oxygen": true,
		"systolic": 90, "pulse": 131, "consciousness": "voice", // nobody took the temperature
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"total", "risk", "review_within"} {
		answer, err := decision.Answer(name)
		if err != nil {
			log.Fatal(err)
		}
		switch of := answer.(type) {
		case concord.Value:
			fmt.Printf("%s: %v\n", name, of.Value)
		case concord.None:
			fmt.Printf("%s: none\n", name)
		case concord.Unknown:
			fmt.Printf("%s: %v, needs %s\n", name, of.Possible, of.Needs[0].Text)
		case concord.Verdict:
			fmt.Printf("%s: %s\n", name, of.Verdict)
		}
	}
}
