package concord

import "encoding/json"

// Info says whose answers they are.
type Info struct {
	Package     string   `json:"package"`
	Version     string   `json:"version"`
	Title       string   `json:"title"`
	Owner       string   `json:"owner"`
	Status      string   `json:"status"`
	Unverified  bool     `json:"unverified"`
	Fingerprint string   `json:"fingerprint"`
	SHA256      string   `json:"-"`
	Sources     []string `json:"sources"`
	Members     []Member `json:"members"`
}

// Member is an organisation, and what it has set otherwise than the group; Title and Tier are empty where it has set nothing.
type Member struct {
	Code    string    `json:"code"`
	Title   string    `json:"title"`
	Tier    string    `json:"tier"`
	Differs []Differs `json:"differs"`
}

// Differs is a member's setting, in words and (Value) as settings take it, and from when until when it is approved.
type Differs struct {
	Parameter  string          `json:"parameter"`
	Group      string          `json:"group"`
	Member     string          `json:"member"`
	Value      json.RawMessage `json:"value"`
	Because    string          `json:"because"`
	ApprovedBy string          `json:"approved_by"`
	ApprovedOn string          `json:"approved_on"`
	Until      string          `json:"until"`
}

// Schema says what a case may hold and what an answer may be.
type Schema struct {
	Facts      []Field     `json:"facts"`
	Events     []Event     `json:"events"`
	Parameters []Parameter `json:"parameters"`
	Answers    []Given     `json:"answers"`
}

// Type of a value: "number", "yes_no", "enum", "duration", "instant", "date", "time_of_day" or "code".
type Type struct {
	Kind     string   `json:"kind"`
	Places   int      `json:"places"`
	Unit     string   `json:"unit"`
	Enum     string   `json:"enum"`
	Variants []string `json:"variants"`
	Labels   []string `json:"labels"`
}

// Field is a fact, or a field of an event; From and To are the integers of the binary interface.
type Field struct {
	Name      string `json:"name"`
	Type      Type   `json:"type"`
	From      any    `json:"from"`
	To        any    `json:"to"`
	MayBeNone bool   `json:"may_be_none"`
	Used      bool   `json:"used"`
}

// Event is a kind of event.
type Event struct {
	Name   string  `json:"name"`
	Fields []Field `json:"fields"`
}

// Parameter is what members may set, or what the standard fixes.
type Parameter struct {
	Name          string `json:"name"`
	Type          Type   `json:"type"`
	Value         any    `json:"value"`
	MembersMaySet *struct {
		From any `json:"from"`
		To   any `json:"to"`
	} `json:"members_may_set"`
}

// Given is an answer; Identifier can be a name in a program. An obligation has no Type, and is judged by a verdict.
type Given struct {
	Name       string   `json:"name"`
	Identifier string   `json:"identifier"`
	Type       *Type    `json:"type"`
	DueBy      string   `json:"due_by"`
	Excuses    []string `json:"excuses"`
}

// manifest is what a module says of itself.
type manifest struct {
	Interface int    `json:"binary_interface"`
	Logic     Info   `json:"logic"`
	Layout    Schema `json:"layout"`
	Module    struct {
		JSON   bool   `json:"json"`
		SHA256 string `json:"sha256"`
	} `json:"module"`

	placing placing // the layout again, as batches need it
}
