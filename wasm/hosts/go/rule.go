// Package concord asks rules that `concord build` has made: one file each, NAME.wasm, run in wazero, in Go alone.
package concord

import (
	"context"
	"errors"
	"time"
)

// Rule answers cases. It may be used by any number of goroutines at once.
type Rule struct {
	info    Info
	schema  Schema
	placing placing
	module  []byte
	pool    *pool
	hooks   hooks
}

// Case is a case by name: facts, "as_of", "events". A case may as well be given as its text, a string, []byte or json.RawMessage.
type Case map[string]any

// Info says whose answers they are.
func (r *Rule) Info() Info { return r.info }

// Schema says what a case may hold and what an answer may be.
func (r *Rule) Schema() Schema { return r.schema }

// Bytes of the module, from which [LoadBytes] makes the rule again elsewhere.
func (r *Rule) Bytes() []byte { return append([]byte{}, r.module...) }

// Evaluate answers a case. The context is its deadline.
func (r *Rule) Evaluate(ctx context.Context, of any, asks ...Ask) (*Decision, error) {
	begun := time.Now()
	text, err := textOf(of)
	if err != nil {
		return nil, err
	}
	decision, text, err := r.judge(ctx, text, asks)
	r.told(1, func() int { return unknowns(decision) }, err, begun)
	r.logged(decision, text)
	return decision, err
}

// judge answers the text of a case, and gives it as it went in.
func (r *Rule) judge(ctx context.Context, text []byte, asks []Ask) (*Decision, []byte, error) {
	a := asking{}
	for _, ask := range asks {
		ask(&a)
	}
	text = at(text, a.asOf)
	decision, err := r.evaluate(ctx, text, &a)
	return decision, text, err
}

// Check says what is wrong with a case: nothing where it can be answered.
func (r *Rule) Check(ctx context.Context, of any, asks ...Ask) ([]Fault, error) {
	text, err := textOf(of)
	if err != nil {
		return nil, err
	}
	_, _, err = r.judge(ctx, text, asks)
	var refused *CaseRefused
	if errors.As(err, &refused) {
		return refused.Faults, nil
	}
	return nil, err
}

func (r *Rule) evaluate(ctx context.Context, text []byte, a *asking) (*Decision, error) {
	ctx, cancel, err := a.within(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	given, err := a.given()
	if err != nil {
		return nil, err
	}
	if a.member == "" {
		return r.decide(ctx, text, string(given), a)
	}
	of, err := r.ownOf(ctx, given, a)
	if err != nil {
		return nil, err
	}
	decision, way, err := r.byTheDay(ctx, text, of, a)
	if err != nil {
		return nil, err
	}
	decision.Member, decision.NotApplied = a.member, of.notApplied(way)
	return decision, nil
}

func (r *Rule) decide(ctx context.Context, text []byte, settings string, a *asking) (*Decision, error) {
	out, err := r.ask(ctx, text, settings, a.explain)
	if err != nil {
		return nil, err
	}
	decision, err := decisionOf(out)
	if err != nil {
		return nil, stopped(err)
	}
	decision.SHA256 = r.info.SHA256
	return decision, nil
}

// ask has an instance answer.
func (r *Rule) ask(ctx context.Context, text []byte, settings string, explain bool) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, &LimitReached{Limit: "deadline", cause: ctx.Err()}
	}
	used, err := r.pool.take(settings)
	if err != nil {
		return nil, &LimitReached{Limit: "room", cause: err}
	}
	name := "evaluate_json"
	if explain {
		name = "explain_json"
	}
	status, out, err := int32(0), []byte(nil), used.configure(ctx, settings)
	if err == nil {
		status, out, err = used.ask(ctx, name, text)
	}
	var setting *SettingRefused
	if err != nil && !errors.As(err, &setting) {
		r.pool.drop(used)
		return nil, err
	}
	r.pool.give(used)
	if err != nil {
		return nil, err
	}
	return said(status, out)
}

// said tells what a module answered from what it refused.
func said(status int32, out []byte) ([]byte, error) {
	switch status {
	case answered:
		return out, nil
	case refused:
		faults, err := faultsOf(out)
		if err != nil {
			return nil, stopped(err)
		}
		return nil, &CaseRefused{faults}
	}
	var claim struct {
		Broken string `json:"broken"`
	}
	if err := decode(out, &claim); err != nil {
		return nil, stopped(err)
	}
	return nil, &ClaimBroken{claim.Broken}
}
