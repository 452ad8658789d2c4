package concord

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Decision is a rule's answers to one case, and what is needed to judge it again.
type Decision struct {
	Package     string
	Version     string
	Status      string
	Unverified  bool
	Fingerprint string
	// AsOf is the instant judged at, or "".
	AsOf string
	// Settings in force that differ from the group's, as they are written in a case.
	Settings map[string]any
	// SHA256 of the module.
	SHA256 string
	// Member whose settings were asked for, or "", and those that are not approved on the day.
	Member     string
	NotApplied []Differs
	// JSON is the record as the module wrote it, to the byte.
	JSON []byte

	names   []string
	answers map[string]json.RawMessage
}

// Answer is one answer. A name that the rule does not have is an error, and never an empty answer.
func (d *Decision) Answer(name string) (Answer, error) {
	text, known := d.answers[name]
	if !known {
		return nil, fmt.Errorf("%s has no answer %q", d.Package, name)
	}
	return answerOf(text)
}

// Names of the answers, in the order of the rule.
func (d *Decision) Names() []string { return append([]string{}, d.names...) }

// decisionOf reads the record that a module wrote.
func decisionOf(text []byte) (*Decision, error) {
	var record struct {
		Package     string          `json:"package"`
		Version     string          `json:"version"`
		Status      string          `json:"status"`
		Unverified  bool            `json:"unverified"`
		Fingerprint string          `json:"fingerprint"`
		AsOf        *string         `json:"as_of"`
		Settings    map[string]any  `json:"settings"`
		Answers     json.RawMessage `json:"answers"`
	}
	if err := decode(text, &record); err != nil {
		return nil, err
	}
	decision := &Decision{
		Package: record.Package, Version: record.Version, Status: record.Status, Unverified: record.Unverified,
		Fingerprint: record.Fingerprint, Settings: record.Settings, JSON: text, answers: map[string]json.RawMessage{},
	}
	if record.AsOf != nil {
		decision.AsOf = *record.AsOf
	}
	return decision, decision.read(record.Answers)
}

// read finds the answers, in their order. Each is read when it is asked for.
func (d *Decision) read(answers []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(answers))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var text json.RawMessage
		if err := decoder.Decode(&text); err != nil {
			return err
		}
		d.names = append(d.names, name.(string))
		d.answers[name.(string)] = text
	}
	return nil
}
