// Obligations of a case with events, judged at an instant with a member's settings, and why: `go run ./samples/obligation sepsis.wasm`.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"concord"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) // the deadline of all of it
	defer cancel()
	sepsis, err := concord.Load(ctx, os.Args[1], concord.AllowDraft())
	if err != nil {
		log.Fatal(err)
	}
	of := concord.Case{
		"age":   70,
		"as_of": "2026-03-05T18:00:00Z",
		"events": []concord.Case{
			{"event": "SepsisTriage", "at": "2026-03-05T10:00:00Z"},
			{"event": "Antibiotics", "at": "2026-03-05T10:50:00Z"},
		},
	}
	decision, err := sepsis.Evaluate(ctx, of, concord.ForMember("XX1"), concord.Explain())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("settings", decision.Settings)
	for _, name := range decision.Names() {
		answer, _ := decision.Answer(name)
		if verdict, is := answer.(concord.Verdict); is {
			fmt.Printf("%s: %s\n", name, verdict.Words().Text)
			for _, sentence := range verdict.Words().Because {
				fmt.Println("  -", sentence)
			}
		}
	}

	of["age"] = "seventy"
	var refused *concord.CaseRefused
	if _, err = sepsis.Evaluate(ctx, of); errors.As(err, &refused) {
		fmt.Println("refused:", refused.Faults[0])
	}
}
