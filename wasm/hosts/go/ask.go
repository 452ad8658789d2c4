package concord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // London's time, wherever the program runs
)

// Ask says how a case is asked about.
type Ask func(*asking)

type asking struct {
	asOf     string
	member   string
	settings any
	explain  bool
	deadline *time.Duration
}

// within is the context of a call with its own deadline; where nothing is left of it, there is no answer.
func (a *asking) within(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if a.deadline == nil {
		return ctx, func() {}, nil
	}
	if *a.deadline <= 0 {
		return nil, nil, &LimitReached{Limit: "deadline", cause: context.DeadlineExceeded}
	}
	within, cancel := context.WithTimeout(ctx, *a.deadline)
	return within, cancel, nil
}

// AsOf is the instant to judge at, for a case that does not say it: to the millisecond, what is finer is cut off.
func AsOf(instant time.Time) Ask {
	return func(a *asking) { a.asOf = instant.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano) }
}

// Settings of a member, by name, in force for this call: a map, or their text as JSON.
func Settings(settings any) Ask { return func(a *asking) { a.settings = settings } }

// ForMember names a member by its code: its settings of the manifest are in force, as far as their approval holds on the day of as_of in London.
func ForMember(code string) Ask { return func(a *asking) { a.member = code } }

// Explain has each answer say why.
func Explain() Ask { return func(a *asking) { a.explain = true } }

// Deadline is after how long the answer is of no use; where nothing is left, there is none. The context may say so as well.
func Deadline(most time.Duration) Ask { return func(a *asking) { a.deadline = &most } }

// at puts an instant into the text of a case. A case that has one already is refused by the module, which sees the key twice.
func at(text []byte, asOf string) []byte {
	rest, is := bytes.CutPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
	if asOf == "" || !is {
		return text
	}
	comma := ","
	if bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("}")) {
		comma = ""
	}
	return append([]byte(fmt.Sprintf(`{"as_of":%q%s`, asOf, comma)), rest...)
}

// settingsFor is the text of the settings in force for a call, and those of the member that are not approved then.
func (r *Rule) settingsFor(text []byte, a *asking) (string, []Differs, error) {
	given := []byte("{}")
	if a.settings != nil {
		found, err := textOf(a.settings)
		if err != nil {
			return "", nil, err
		}
		given = found
	}
	if a.member == "" {
		return string(given), nil, nil
	}
	var own map[string]json.RawMessage
	if err := decode(given, &own); err != nil {
		return string(given), nil, nil // the module says what is wrong with it
	}
	member, err := r.memberOf(a.member)
	if err != nil {
		return "", nil, err
	}
	day, notApplied := dayOf(text), []Differs(nil)
	for _, differs := range member.Differs {
		if _, set := own[differs.Parameter]; set {
			continue
		}
		if day == "" || day < differs.ApprovedOn || (differs.Until != "" && day > differs.Until) {
			notApplied = append(notApplied, differs)
			continue
		}
		if own == nil {
			own = map[string]json.RawMessage{}
		}
		own[differs.Parameter] = differs.Value
	}
	merged, err := json.Marshal(own)
	return string(merged), notApplied, err
}

func (r *Rule) memberOf(code string) (Member, error) {
	known := make([]string, len(r.info.Members))
	for place, member := range r.info.Members {
		if member.Code == code {
			return member, nil
		}
		known[place] = member.Code
	}
	return Member{}, &SettingRefused{[]Fault{{Code: "member", Expected: "one of " + strings.Join(known, ", ")}}}
}

// instants are the forms in which a case may give its as_of.
var instants = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"}

// dayOf is the day of a case's as_of in London, or "" where it has none that can be read.
func dayOf(text []byte) string {
	var of struct {
		AsOf *string `json:"as_of"`
	}
	if decode(text, &of) != nil || of.AsOf == nil {
		return ""
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return ""
	}
	said := strings.Replace(strings.ToUpper(*of.AsOf), " ", "T", 1)
	for _, form := range instants {
		if instant, err := time.Parse(form, said); err == nil {
			return instant.In(london).Format(time.DateOnly)
		}
	}
	return ""
}
