package concord

import (
	"errors"
	"time"
)

// Call is what metrics are told of a call. Nothing of it is of the patient.
type Call struct {
	Package, Version, Fingerprint string
	// Outcome is "answered", "refused", "setting_refused", "claim_broken", "limit" or "stopped".
	Outcome string
	Took    time.Duration
	// Codes of the faults, where a case or a setting was refused.
	Codes []string
	// Unknown is how many answers are not known.
	Unknown int
}

type hooks struct {
	call     func(Call)
	decision func(*Decision, string)
}

// told tells the hooks how a call went.
func (h hooks) told(r *Rule, d *Decision, text []byte, err error, took time.Duration) {
	if h.call != nil {
		call := Call{Package: r.info.Package, Version: r.info.Version, Fingerprint: r.info.Fingerprint, Took: took}
		call.Outcome, call.Codes = outcome(err)
		if d != nil {
			for _, name := range d.Names() {
				if answer, err := d.Answer(name); err == nil {
					call.Unknown += unknown(answer)
				}
			}
		}
		h.call(call)
	}
	if h.decision != nil && d != nil {
		h.decision(d, hashOf(text))
	}
}

func unknown(answer Answer) int {
	switch of := answer.(type) {
	case Unknown:
		return 1
	case Verdict:
		if of.Verdict == "unknown" {
			return 1
		}
	}
	return 0
}

func outcome(err error) (string, []string) {
	var (
		refused *CaseRefused
		setting *SettingRefused
		claim   *ClaimBroken
		limit   *LimitReached
	)
	switch {
	case err == nil:
		return "answered", nil
	case errors.As(err, &refused):
		return "refused", codes(refused.Faults)
	case errors.As(err, &setting):
		return "setting_refused", codes(setting.Faults)
	case errors.As(err, &claim):
		return "claim_broken", nil
	case errors.As(err, &limit):
		return "limit", nil
	}
	return "stopped", nil
}

func codes(faults []Fault) []string {
	found := make([]string, len(faults))
	for place, fault := range faults {
		found[place] = fault.Code
	}
	return found
}
