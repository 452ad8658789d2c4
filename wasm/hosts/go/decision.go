package concord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
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

	answers *listed
}

// listed are the answers by name, in the order of the rule. They are told apart when the first is asked for, and each is read when it is.
type listed struct {
	text  json.RawMessage
	once  sync.Once
	names []string
	texts map[string]json.RawMessage
	err   error
}

// Answer is one answer. A name that the rule does not have is an error, and never an empty answer.
func (d *Decision) Answer(name string) (Answer, error) {
	answers := d.answers.apart()
	if answers.err != nil {
		return nil, stopped(answers.err)
	}
	text, known := answers.texts[name]
	if !known {
		return nil, fmt.Errorf("%s has no answer %q", d.Package, name)
	}
	answer, err := answerOf(text)
	if err != nil {
		return nil, stopped(err)
	}
	return answer, nil
}

// Names of the answers, in the order of the rule.
func (d *Decision) Names() []string { return append([]string{}, d.answers.apart().names...) }

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
	if record.Package == "" || record.Fingerprint == "" || record.Answers == nil {
		return nil, errors.New("the module wrote no decision")
	}
	decision := &Decision{
		Package: record.Package, Version: record.Version, Status: record.Status, Unverified: record.Unverified,
		Fingerprint: record.Fingerprint, Settings: record.Settings, JSON: text, answers: &listed{text: record.Answers},
	}
	if record.AsOf != nil {
		decision.AsOf = *record.AsOf
	}
	return decision, nil
}

// apart finds the answers in their text, once.
func (l *listed) apart() *listed {
	l.once.Do(func() { l.err = l.read() })
	return l
}

func (l *listed) read() error {
	l.texts = map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(l.text))
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
		l.names = append(l.names, name.(string))
		l.texts[name.(string)] = text
	}
	return nil
}
