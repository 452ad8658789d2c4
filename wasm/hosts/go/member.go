package concord

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// own is what a member has set, and a call does not set itself. On which day a case is judged, and what a call sets itself, only the module says: whoever read
// either a second time would sometimes read it otherwise.
type own struct {
	given   []byte
	differs []Differs
}

// way says which of them are in force: a '1' for each that is, and a '0' for each that is not.
type way string

func (r *Rule) memberOf(code string) (Member, error) {
	known := make([]string, len(r.info.Members))
	for place, member := range r.info.Members {
		if member.Code == code {
			return member, nil
		}
		known[place] = member.Code
	}
	expected := "one of " + strings.Join(known, ", ")
	if len(known) == 0 {
		expected = "no member: the rule knows none"
	}
	return Member{}, &SettingRefused{[]Fault{{Code: "member", Expected: expected}}}
}

// ownOf is what the member of a call has set. What the call sets itself, the module says, which refuses it twice.
func (r *Rule) ownOf(ctx context.Context, given []byte, a *asking) (*own, error) {
	member, err := r.memberOf(a.member)
	if err != nil {
		return nil, err
	}
	of := &own{given: given}
	if a.settings != nil {
		if err := r.configured(ctx, string(given)); err != nil {
			return nil, err
		}
	}
	for _, differs := range member.Differs {
		if a.settings != nil {
			err := r.configured(ctx, string(withFirst(given, differs.entry())))
			var refused *SettingRefused
			if errors.As(err, &refused) && slices.ContainsFunc(refused.Faults, func(of Fault) bool { return of.Code == "D05" }) {
				continue
			}
			if err != nil && refused == nil {
				return nil, err
			}
		}
		of.differs = append(of.differs, differs)
	}
	return of, nil
}

// configured says what is wrong with settings.
func (r *Rule) configured(ctx context.Context, settings string) error {
	used, err := r.pool.take(settings)
	if err != nil {
		return &LimitReached{Limit: "room", cause: err}
	}
	err = used.configure(ctx, settings)
	var refused *SettingRefused
	if err != nil && !errors.As(err, &refused) {
		r.pool.drop(used)
		return err
	}
	r.pool.give(used)
	return err
}

// byTheDay is the decision with what is in force on the day of a case, which its first decision says. Where the case reaches what the rule claims to be
// impossible, the module says no day: then it is asked in every way that there may be.
func (r *Rule) byTheDay(ctx context.Context, text []byte, of *own, a *asking) (*Decision, way, error) {
	var last error
	for _, way := range of.ways() {
		decision, err := r.decide(ctx, text, of.settings(way), a)
		if err == nil {
			right := of.at(decision.AsOf)
			if right != way {
				decision, err = r.decide(ctx, text, of.settings(right), a)
			}
			return decision, right, err
		}
		var broken *ClaimBroken
		var refused *SettingRefused
		if last = err; !errors.As(err, &broken) && !errors.As(err, &refused) {
			break
		}
	}
	return nil, of.on(""), last
}

// settingsOfAll are those of a call about many cases, judged at one instant.
func (r *Rule) settingsOfAll(ctx context.Context, a *asking) (string, error) {
	given, err := a.given()
	if err != nil || a.member == "" {
		return string(given), err
	}
	of, err := r.ownOf(ctx, given, a)
	if err != nil {
		return "", err
	}
	_, way, err := r.byTheDay(ctx, at([]byte("{}"), a.asOf), of, a)
	var refused *CaseRefused
	if err != nil && !errors.As(err, &refused) { // what is wrong with the instant is said of the cases
		return "", err
	}
	return of.settings(way), nil
}

// ways are all that may be in force, on one day or another: all of it first, and at last none.
func (o *own) ways() []way {
	first, last := way(strings.Repeat("1", len(o.differs))), o.on("")
	between := []way(nil)
	for _, differs := range o.differs {
		between = append(between, o.on(differs.ApprovedOn), o.on(differs.Until))
	}
	between = slices.DeleteFunc(between, func(of way) bool { return of == first || of == last })
	slices.Sort(between)
	return slices.Compact(slices.Concat([]way{first}, slices.Compact(between), []way{last}))
}

// at is what is in force at the instant of a decision; without one nothing is.
func (o *own) at(asOf string) way {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return o.on("")
	}
	instant, err := time.Parse(time.RFC3339, asOf)
	if err != nil {
		return o.on("")
	}
	return o.on(instant.In(london).Format(time.DateOnly))
}

// on is what is in force on a day.
func (o *own) on(day string) way {
	force := []byte(strings.Repeat("0", len(o.differs)))
	for place, differs := range o.differs {
		if day != "" && day >= differs.ApprovedOn && (differs.Until == "" || day <= differs.Until) {
			force[place] = '1'
		}
	}
	return way(force)
}

// settings of the call with those in force before them.
func (o *own) settings(in way) string {
	entries := []string(nil)
	for place, differs := range o.differs {
		if in[place] == '1' {
			entries = append(entries, differs.entry())
		}
	}
	return string(withFirst(o.given, entries...))
}

// notApplied are those that are not in force.
func (o *own) notApplied(in way) []Differs {
	open := []Differs(nil)
	for place, differs := range o.differs {
		if in[place] != '1' {
			open = append(open, differs)
		}
	}
	return open
}

// entry is the setting as JSON.
func (d Differs) entry() string {
	name, _ := json.Marshal(d.Parameter) // a text has one
	return string(name) + ":" + string(d.Value)
}
