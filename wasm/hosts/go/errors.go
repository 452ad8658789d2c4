package concord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fault is one thing that is wrong with a case or a setting: the code (`concord explain D08`), where as a JSON pointer, and what belongs there.
type Fault struct {
	Code     string `json:"code"`
	At       string `json:"at"`
	Expected string `json:"expected,omitempty"`
}

func (f Fault) String() string {
	said := f.Code
	if f.At != "" {
		said += " at " + f.At
	}
	if f.Expected != "" {
		said += ": expected " + f.Expected
	}
	return said
}

// CaseRefused: the case is faulty, and was not answered.
type CaseRefused struct{ Faults []Fault }

// SettingRefused: a setting is outside the contract, or there is no such parameter or member.
type SettingRefused struct{ Faults []Fault }

// RuleRefused: the module is not to be trusted. Code is "sha256", "module", "interface", "json", "fingerprint", "draft", "self_test", "twice", or
// "stopped" where it stopped in a call.
type RuleRefused struct {
	Code  string
	Why   string
	cause error
}

// ClaimBroken: the case reaches what the rule claims to be impossible.
type ClaimBroken struct{ Claim string }

// LimitReached: the "deadline" passed, or there is no "room".
type LimitReached struct {
	Limit string
	cause error
}

func (e *CaseRefused) Error() string    { return "the case is refused: " + list(e.Faults) }
func (e *SettingRefused) Error() string { return "a setting is refused: " + list(e.Faults) }
func (e *RuleRefused) Error() string {
	return fmt.Sprintf("the rule is refused (%s): %s", e.Code, e.Why)
}
func (e *ClaimBroken) Error() string  { return "the case breaks a claim of the rule: " + e.Claim }
func (e *LimitReached) Error() string { return "a limit was reached: " + e.Limit }

// Unwrap gives what the engine said.
func (e *RuleRefused) Unwrap() error { return e.cause }

// Unwrap gives the error of the context, where that ended the call.
func (e *LimitReached) Unwrap() error { return e.cause }

func list(faults []Fault) string {
	said := make([]string, len(faults))
	for place, fault := range faults {
		said[place] = fault.String()
	}
	return strings.Join(said, "; ")
}

// faultsOf reads what a module says is wrong.
func faultsOf(text []byte) ([]Fault, error) {
	var said struct {
		Refused []Fault `json:"refused"`
	}
	err := decode(text, &said)
	return said.Refused, err
}

// unlessWhole makes an error of a panic, where what a damaged module says of itself names what is not there.
func unlessWhole(err *error, code string) {
	if panicked := recover(); panicked != nil {
		*err = &RuleRefused{Code: code, Why: fmt.Sprintf("it is damaged: %v", panicked)}
	}
}

// decode reads JSON with numbers as they are written.
func decode(text []byte, into any) error {
	if !utf8.Valid(text) {
		return errors.New("it is no UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}
