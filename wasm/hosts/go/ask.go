package concord

import (
	"bytes"
	"context"
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
	if asOf == "" {
		return text
	}
	return withFirst(text, fmt.Sprintf(`"as_of":%q`, asOf))
}

// withFirst is an object with these entries before whatever else it says. What is no object stays as it is.
func withFirst(text []byte, entries ...string) []byte {
	const blanks = " \t\r\n"
	rest, is := bytes.CutPrefix(bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), blanks), []byte("{"))
	if len(entries) == 0 || !is {
		return text
	}
	comma := ","
	if bytes.HasPrefix(bytes.TrimLeft(rest, blanks), []byte("}")) {
		comma = ""
	}
	head := text[:len(text)-len(rest)]
	return bytes.Join([][]byte{head, []byte(strings.Join(entries, ",") + comma), rest}, nil)
}

// given is the text of the settings of the call itself.
func (a *asking) given() ([]byte, error) {
	if a.settings == nil {
		return []byte("{}"), nil
	}
	return textOf(a.settings)
}
