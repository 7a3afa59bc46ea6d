package savings

import (
	"context"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Policy is the cooperative's own rules for its savings desk, and the accounts
// that its commands post to, from a day on until a later policy replaces it.
type Policy struct {
	From ledger.Date `json:"from"`
	// CandidateMonths is within how many months a candidate must become a
	// member, 0 for any time. The default is 3 (PP 9/1995 art. 18, unconfirmed).
	CandidateMonths int `json:"candidate_months"`
	// CapitalFloor is what own capital may not fall below by paying members who
	// have left, the founding sum (Permenkop 8/2023 art. 63); zero, the default,
	// for no floor.
	CapitalFloor ledger.Money `json:"capital_floor"`
	// MemberShare is the most that one member's capital savings may be of own
	// capital, above 0 and at most 1 (Permenkop 8/2023 art. 63: 0.20); zero, the
	// default, for no limit: a cooperative that is only being founded cannot keep it.
	MemberShare decimal.Decimal `json:"-"`
	// OwnCapital are the accounts whose balances are own capital. Empty means
	// all accounts of the kind equity.
	OwnCapital []string `json:"own_capital,omitempty"`
	// Claims is the control account of what is owed to members who have left and
	// to heirs (20204 in the standard chart); its subs are member numbers.
	Claims string `json:"claims,omitempty"`
	// The accounts of cash that is short or over when it is counted (15104 and
	// 20901), until it is explained, and of those that never are (60702, 50505).
	Shortage    string `json:"shortage,omitempty"`
	Overage     string `json:"overage,omitempty"`
	ShortageEnd string `json:"shortage_end,omitempty"`
	OverageEnd  string `json:"overage_end,omitempty"`
	// PassbookLines are the lines of a page of the printed passbooks that are
	// begun from now on, up to [MaxPassbookLines]; 0, the default, means
	// [DefaultPageLines]. PassbookPages are the pages of a book, up to 1000; 0,
	// the default, for a book that is never full.
	PassbookLines int `json:"passbook_lines,omitzero"`
	PassbookPages int `json:"passbook_pages,omitzero"`
}

// DefaultPolicy is what holds before any policy is set.
func DefaultPolicy() Policy { return Policy{CandidateMonths: 3} }

// Policies are all policies a cooperative has had, by From.
type Policies struct {
	List []storedPolicy `json:"list"`
}

// storedPolicy keeps the ratio as exact text.
type storedPolicy struct {
	Policy
	Share storedRatio `json:"member_share,omitzero"`
}

// PolicyEvent is a policy that was set.
type PolicyEvent struct {
	Name   string       `json:"name"` // "set"
	Policy storedPolicy `json:"policy"`
}

// On returns the policy that holds on a day.
func (p Policies) On(day ledger.Date) Policy {
	for _, s := range slices.Backward(p.List) {
		if !day.Before(s.From) {
			s.Policy.MemberShare = s.Share.Decimal
			return s.Policy
		}
	}
	return DefaultPolicy()
}

// Apply returns the policies after an event. It computes no rule.
func (p Policies) Apply(e PolicyEvent) Policies {
	p.List = append(slices.Clip(p.List), e.Policy)
	return p
}

// Set decides that a policy holds from a day on. Errors match [ErrPolicy].
func (p Policies) Set(next Policy) (PolicyEvent, error) {
	refuse := func(code, reason string) (PolicyEvent, error) {
		return PolicyEvent{}, &Refusal{Kind: ErrPolicy, Code: code, Date: next.From, Reason: reason}
	}
	n := len(p.List)
	switch {
	case !next.From.Valid():
		return refuse("policy.from", "first day: "+next.From.Err().Error())
	case n > 0 && !p.List[n-1].From.Before(next.From):
		return refuse("policy.from", fmt.Sprintf("a policy from %s must follow that from %s", next.From, p.List[n-1].From))
	case next.CandidateMonths < 0 || next.CandidateMonths > maxCandidateMonths:
		return refuse("policy.candidate_months", fmt.Sprintf("%d months of candidacy, want 0 to %d", next.CandidateMonths, maxCandidateMonths))
	case next.PassbookLines < 0 || next.PassbookLines > MaxPassbookLines || next.PassbookPages < 0 || next.PassbookPages > maxPassbookPages:
		return refuse("policy.passbook", fmt.Sprintf("passbooks of %d lines a page and %d pages, want 0 to %d and 0 to %d",
			next.PassbookLines, next.PassbookPages, MaxPassbookLines, maxPassbookPages))
	case next.CapitalFloor.Err() != nil || next.CapitalFloor.Sign() < 0:
		return refuse("policy.capital_floor", fmt.Sprintf("a capital floor of %s: not an amount of zero or more", next.CapitalFloor))
	case !next.MemberShare.IsZero() && nisbahFault(next.MemberShare) != "":
		return refuse("policy.member_share", "a member's share of capital must be above 0 and at most 1")
	}
	next.OwnCapital = slices.Clone(next.OwnCapital)
	return PolicyEvent{Name: "set", Policy: storedPolicy{next, storedRatio{next.MemberShare}}}, nil
}

// PolicySetting sets a policy.
type PolicySetting struct {
	Key    string
	Policy Policy // From must be later than that of the policy before
}

// PolicyResult is the result of setting a policy.
type PolicyResult struct {
	Policies Policies // with the new one
	Repeat   bool
}

// SetPolicy sets the policy that holds from a day on. What was decided under
// the one before stays decided. Errors match [ErrPolicy].
func (d *Desk) SetPolicy(ctx context.Context, s PolicySetting) (PolicyResult, error) {
	return update(ctx, d, s, d.SetPolicyTx)
}

// SetPolicyTx is SetPolicy in the caller's transaction.
func (d *Desk) SetPolicyTx(tx *ledger.Tx, s PolicySetting) (PolicyResult, error) {
	return atomic(tx, s, d.setPolicy)
}

func (d *Desk) setPolicy(tx *ledger.Tx, s PolicySetting) (PolicyResult, error) {
	content := contentOf("savings.policy", storedPolicy{s.Policy, storedRatio{s.Policy.MemberShare}})
	first, repeated, err := tx.Repeat(ledger.Command{Key: s.Key, Kind: "savings.policy", Content: content})
	if err != nil {
		return PolicyResult{}, err
	}
	if repeated {
		p, err := saved[Policies](tx, first, KindPolicy)
		return PolicyResult{p, true}, err
	}
	p, version, err := load[Policies](tx, KindPolicy, policyID)
	if err != nil {
		return PolicyResult{}, err
	}
	e, err := p.Set(s.Policy)
	if err != nil {
		return PolicyResult{}, in(tx, err)
	}
	if err := s.Policy.accountsFit(tx); err != nil {
		return PolicyResult{}, err
	}
	p = p.Apply(e)
	return PolicyResult{Policies: p}, save(tx, KindPolicy, policyID, version, e.Name, e, p)
}

// accountsFit says whether the chart has the accounts that a policy names, and
// of kinds that can bear what is posted to them.
func (p Policy) accountsFit(tx *ledger.Tx) error {
	refuse := func(what, code string, reason string) error {
		return &Refusal{Kind: ErrPolicy, Code: "policy." + what, Date: p.From, Reason: fmt.Sprintf("account %s %s", clip(code), reason)}
	}
	for _, role := range [...]struct {
		what, code string
		control    bool
		kinds      []ledger.Kind
	}{
		{"claims", p.Claims, true, []ledger.Kind{ledger.Liability}},
		{"shortage", p.Shortage, false, []ledger.Kind{ledger.Asset}},
		{"overage", p.Overage, false, []ledger.Kind{ledger.Liability}},
		{"shortage_end", p.ShortageEnd, false, []ledger.Kind{ledger.Expense}},
		{"overage_end", p.OverageEnd, false, []ledger.Kind{ledger.Income, ledger.Benevolent}},
	} {
		if role.code == "" {
			continue
		}
		account, found, err := tx.Account(role.code)
		if err != nil {
			return err
		}
		switch {
		case !found || account.Header || account.Retired:
			return refuse(role.what, role.code, "is not an account of the chart that takes lines")
		case account.Control != role.control || !slices.Contains(role.kinds, account.Kind):
			return refuse(role.what, role.code, fmt.Sprintf("is of kind %s, control %t; want one of %v, control %t", account.Kind, account.Control, role.kinds, role.control))
		}
	}
	for _, code := range p.OwnCapital {
		if account, found, err := tx.Account(code); err != nil {
			return err
		} else if !found || account.Header {
			return refuse("own_capital", code, "is not an account of the chart that takes lines")
		}
	}
	return nil
}

// PolicyIn returns the policy that holds on a day.
func PolicyIn(tx *ledger.Tx, day ledger.Date) (Policy, error) {
	p, _, err := load[Policies](tx, KindPolicy, policyID)
	return p.On(day), err
}

// role returns the account of a policy, or says that the policy names none.
func (p Policy) role(what, code string) (string, error) {
	if code == "" {
		return "", &Refusal{Kind: ErrPolicy, Code: "policy.missing", Reason: "the policy in force names no account of " + what}
	}
	return code, nil
}
