package concord

import (
	"encoding/json"
	"fmt"
)

// Answer is a [Value], [None], [Unknown] or [Verdict]: a type switch tells which. There is no way to ask for "the value" of one that has none.
type Answer interface {
	// Words are the answer in words, why it is so, and the citation.
	Words() Words
	answer()
}

// Words are what people read of an answer. Because and Source are there where [Explain] asked for them.
type Words struct {
	Text    string   `json:"text"`
	Because []string `json:"because,omitempty"`
	Source  string   `json:"source,omitempty"`
}

// Value is known: true or false, a string (choices, codes, instants, dates, durations), or a [json.Number], exact as it was written.
type Value struct {
	Value any
	words Words
}

// None: recorded as absent, or the rule gives no value. It is known.
type None struct{ words Words }

// Unknown: something is missing. What is still possible, and what would settle it.
type Unknown struct {
	Possible Possible
	Needs    []Need
	words    Words
}

// Verdict on an obligation. What is not known or does not apply is "".
type Verdict struct {
	// Verdict is "met", "late", "missed", "open", "excused", "not applicable" or "unknown".
	Verdict           string   `json:"verdict"`
	From              string   `json:"from,omitempty"`
	Due               string   `json:"due,omitempty"`
	DueOn             string   `json:"due_on,omitempty"`
	Done              string   `json:"done,omitempty"`
	LateBy            string   `json:"late_by,omitempty"`
	LateByDays        *int     `json:"late_by_days,omitempty"`
	LateByWorkingDays *int     `json:"late_by_working_days,omitempty"`
	Excuse            string   `json:"excuse,omitempty"`
	Possible          []string `json:"possible,omitempty"`
	Needs             []Need   `json:"needs,omitempty"`
	words             Words
}

// Possible is what an unknown answer may still be: From and To, or one of Values; and None, where OrNone says so.
type Possible struct {
	From   any   `json:"from,omitempty"`
	To     any   `json:"to,omitempty"`
	Values []any `json:"values,omitempty"`
	OrNone bool  `json:"or_none"`
}

// Need is something that is missing: a "fact", the "field" or the "time" of an event, all "events" of a kind, a "parameter", or the
// "decision" of an obligation that is still open.
type Need struct {
	Kind      string `json:"kind"`
	Fact      string `json:"fact,omitempty"`
	Event     string `json:"event,omitempty"`
	Field     string `json:"field,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Answer    string `json:"answer,omitempty"`
	Until     string `json:"until,omitempty"`
	Text      string `json:"text"`
}

func (a Value) Words() Words   { return a.words }
func (a None) Words() Words    { return a.words }
func (a Unknown) Words() Words { return a.words }
func (a Verdict) Words() Words { return a.words }
func (Value) answer()          {}
func (None) answer()           {}
func (Unknown) answer()        {}
func (Verdict) answer()        {}

// String is the answer in words.
func (w Words) String() string { return w.Text }

// String says what is possible: "17 to 20", or "high or medium".
func (p Possible) String() string {
	said := ""
	if p.From != nil {
		said = fmt.Sprintf("%v to %v", p.From, p.To)
	}
	for place, value := range p.Values {
		if place > 0 {
			said += " or "
		}
		said += fmt.Sprint(value)
	}
	if p.OrNone {
		said += " or none"
	}
	return said
}

// MarshalJSON writes the answer as a record has it.
func (a Value) MarshalJSON() ([]byte, error) {
	return json.Marshal(a.words.and(map[string]any{"kind": "value", "value": a.Value}))
}

// MarshalJSON writes the answer as a record has it.
func (a None) MarshalJSON() ([]byte, error) {
	return json.Marshal(a.words.and(map[string]any{"kind": "none", "value": nil}))
}

// MarshalJSON writes the answer as a record has it.
func (a Unknown) MarshalJSON() ([]byte, error) {
	return json.Marshal(a.words.and(map[string]any{"kind": "unknown", "possible": a.Possible, "needs": a.Needs}))
}

// MarshalJSON writes the answer as a record has it.
func (a Verdict) MarshalJSON() ([]byte, error) {
	of := map[string]any{"kind": "verdict", "verdict": a.Verdict}
	for name, text := range map[string]string{
		"from": a.From, "due": a.Due, "due_on": a.DueOn, "done": a.Done, "late_by": a.LateBy, "excuse": a.Excuse,
	} {
		if text != "" {
			of[name] = text
		}
	}
	for name, days := range map[string]*int{"late_by_days": a.LateByDays, "late_by_working_days": a.LateByWorkingDays} {
		if days != nil {
			of[name] = *days
		}
	}
	if a.Verdict == "unknown" {
		of["possible"], of["needs"] = a.Possible, a.Needs
	}
	return json.Marshal(a.words.and(of))
}

// and adds the words to the rest of an answer.
func (w Words) and(of map[string]any) map[string]any {
	of["text"] = w.Text
	if w.Because != nil {
		of["because"] = w.Because
	}
	if w.Source != "" {
		of["source"] = w.Source
	}
	return of
}

// answerOf reads an answer as a module writes it.
func answerOf(text json.RawMessage) (Answer, error) {
	var of struct {
		Kind     string          `json:"kind"`
		Value    any             `json:"value"`
		Possible json.RawMessage `json:"possible"`
		Needs    []Need          `json:"needs"`
		Words
	}
	if err := decode(text, &of); err != nil {
		return nil, err
	}
	switch of.Kind {
	case "value":
		return Value{of.Value, of.Words}, nil
	case "none":
		return None{of.Words}, nil
	case "unknown":
		unknown := Unknown{Needs: of.Needs, words: of.Words}
		err := decode(of.Possible, &unknown.Possible)
		return unknown, err
	case "verdict":
		verdict := Verdict{words: of.Words}
		err := decode(text, &verdict)
		return verdict, err
	}
	return nil, fmt.Errorf("this host knows no answer of the kind %q", of.Kind)
}
