// Corpus answers every case of the corpus in this host: `corpus FAULTY.json FOLDER…`. The page of the hosts says what it prints.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	"concord"
)

type vector struct {
	Name     string                     `json:"name"`
	Case     json.RawMessage            `json:"case"`
	Settings json.RawMessage            `json:"settings"`
	Answers  map[string]json.RawMessage `json:"answers"`
}

type faulty struct {
	Name           string          `json:"name"`
	Module         string          `json:"module"`
	Case           *string         `json:"case"`
	Bytes          string          `json:"bytes"`
	Settings       *string         `json:"settings"`
	Member         *string         `json:"member"`
	Record         string          `json:"record"`
	NotApplied     int             `json:"not_applied"`
	Refused        []concord.Fault `json:"refused"`
	SettingRefused []concord.Fault `json:"setting_refused"`
	Broken         *string         `json:"broken"`
}

// tally counts what holds, and says what does not.
type tally struct {
	passed, failed int
	records        hash.Hash
}

func (t *tally) that(holds bool, what string, found any) {
	if holds {
		t.passed++
		return
	}
	t.failed++
	if t.failed <= 20 {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, found)
	}
}

func main() {
	t := &tally{records: sha256.New()}
	for _, folder := range os.Args[2:] {
		modules, err := filepath.Glob(filepath.Join(folder, "*.vectors.json"))
		must(err)
		for place, path := range modules {
			modules[place] = strings.TrimSuffix(path, ".vectors.json")
		}
		sort.Strings(modules)
		for _, path := range modules {
			t.vectors(path)
		}
	}
	t.faulty(os.Args[1], os.Args[2])
	fmt.Printf("%d passed, %d failed\n", t.passed, t.failed)
	fmt.Printf("records %s\n", hex.EncodeToString(t.records.Sum(nil)))
	if t.passed == 0 || t.failed > 0 {
		os.Exit(1)
	}
}

// vectors answers the cases of one module.
func (t *tally) vectors(path string) {
	rule := load(path + ".wasm")
	var file struct {
		Cases []vector `json:"cases"`
	}
	read(path+".vectors.json", &file)
	for _, of := range file.Cases {
		decision, err := rule.Evaluate(context.Background(), of.Case, concord.Settings(of.Settings), concord.Explain())
		what := filepath.Base(path) + ": " + of.Name
		if err != nil {
			t.that(false, what, err)
			continue
		}
		t.records.Write(append(decision.JSON, '\n'))
		t.that(len(decision.Names()) == len(of.Answers) && answers(decision, of), what, "other answers")
	}
}

// answers says whether the typed answers are those of the vector.
func answers(decision *concord.Decision, of vector) bool {
	for name, wanted := range of.Answers {
		answer, err := decision.Answer(name)
		if err != nil {
			return false
		}
		found, err := json.Marshal(answer)
		if err != nil || !reflect.DeepEqual(exact(found), exact(wanted)) {
			return false
		}
	}
	return true
}

// exact reads JSON with numbers as they are.
func exact(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var of any
	must(decoder.Decode(&of))
	return rational(of)
}

func rational(of any) any {
	switch of := of.(type) {
	case json.Number:
		number, ok := new(big.Rat).SetString(of.String())
		if !ok {
			panic(of)
		}
		return "number " + number.String()
	case []any:
		for place := range of {
			of[place] = rational(of[place])
		}
	case map[string]any:
		for name := range of {
			of[name] = rational(of[name])
		}
	}
	return of
}

// faulty tries the cases that must be refused.
func (t *tally) faulty(path, folder string) {
	var file struct {
		Cases []faulty `json:"cases"`
	}
	read(path, &file)
	rules := map[string]*concord.Rule{}
	for _, of := range file.Cases {
		if rules[of.Module] == nil {
			rules[of.Module] = load(filepath.Join(folder, of.Module+".wasm"))
		}
		text, err := hex.DecodeString(of.Bytes)
		must(err)
		if of.Case != nil {
			text = []byte(*of.Case)
		}
		asks := []concord.Ask{}
		if of.Settings != nil {
			asks = append(asks, concord.Settings(*of.Settings))
		}
		if of.Member != nil {
			asks = append(asks, concord.ForMember(*of.Member))
		}
		decision, err := rules[of.Module].Evaluate(context.Background(), text, asks...)
		if err == nil {
			says := of.Record != "" && bytes.Contains(decision.JSON, []byte(of.Record))
			t.that(says && len(decision.NotApplied) == of.NotApplied, of.Name, string(decision.JSON))
			continue
		}
		t.that(refused(of, err), of.Name, err)
	}
}

// refused says whether a case was refused as it must be.
func refused(of faulty, err error) bool {
	var (
		faults  *concord.CaseRefused
		setting *concord.SettingRefused
		claim   *concord.ClaimBroken
	)
	switch {
	case errors.As(err, &faults):
		return of.Refused != nil && reflect.DeepEqual(faults.Faults, of.Refused)
	case errors.As(err, &setting):
		return of.SettingRefused != nil && reflect.DeepEqual(setting.Faults, of.SettingRefused)
	case errors.As(err, &claim):
		return of.Broken != nil && claim.Claim == *of.Broken
	}
	return false
}

func load(path string) *concord.Rule {
	rule, err := concord.Load(context.Background(), path, concord.AllowDraft())
	must(err)
	return rule
}

func read(path string, into any) {
	text, err := os.ReadFile(path)
	must(err)
	must(json.Unmarshal(text, into))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
