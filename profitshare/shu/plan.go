package shu

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// MeasureKind says what a measure counts.
type MeasureKind string

const (
	// OfCapital counts pokok and wajib savings, and nothing else.
	OfCapital MeasureKind = "capital"
	// OfService counts what members did with the cooperative: margin paid,
	// purchases, instalments, loans taken.
	OfService MeasureKind = "service"
)

// Measure is one driver by which members share.
type Measure struct {
	Name  string      `json:"name"`
	Kind  MeasureKind `json:"kind"`
	Total int64       `json:"total"` // of all members, as the books have it
}

// Plan is what the members' meeting is asked to decide: how one year's result is
// used. Members in the order of Figures have one for each of Measures.
type Plan struct {
	Year int `json:"year"`
	// Members and Others are the year's SHU after tax, by the business it came
	// from; neither is below zero. Where sources are not kept apart all of it is Members.
	Members ledger.Money `json:"members"`
	Others  ledger.Money `json:"others,omitzero"`
	// MemberKey and OtherKey divide them; OtherKey is needed only where there is
	// something. Items of one name in both are one item.
	MemberKey Key `json:"member_key"`
	OtherKey  Key `json:"other_key,omitempty"`
	// OthersToMembers lets members have a part of what business with others
	// brought. It is not usual, and has to be said.
	OthersToMembers bool      `json:"others_to_members,omitempty"`
	Measures        []Measure `json:"measures,omitempty"`

	Step      ledger.Money `json:"step"` // of all amounts, above zero
	Residue   Residue      `json:"residue"`
	ResidueTo string       `json:"residue_to"` // the reserve that takes what dividing leaves over
}

// Total is the year's result.
func (p Plan) Total() ledger.Money { return p.Members.Add(p.Others) }

// Proposal is a plan carried out on paper: what each item and member receives.
type Proposal struct {
	Plan  Plan
	Items []Allocation // they add up to the result
	// Columns are the items that go to members, by their place in Items; a
	// share's parts stand in their order.
	Columns []int
	Shares  []Share
}

// Due is what all members receive together.
func (p Proposal) Due() ledger.Money {
	var due ledger.Money
	for _, column := range p.Columns {
		due = due.Add(p.Items[column].Amount())
	}
	return due
}

// Propose divides the year's result: each part by its key, what goes to members
// by its measure, capital by pokok and wajib alone, and what that leaves over to
// the reserve named. It refuses keys that do not add up to exactly 100% and
// parts of one result that the other's loss would have to pay.
func (p Plan) Propose(members []Member) (Proposal, error) {
	if err := p.check(); err != nil {
		return Proposal{}, err
	}
	items, err := p.allocate()
	if err != nil {
		return Proposal{}, err
	}
	proposal := Proposal{Plan: p, Items: items}
	var pools []Pool
	var by []int // the measure of each pool
	for i, item := range items {
		if !item.forMembers() {
			continue
		}
		at := slices.IndexFunc(p.Measures, func(m Measure) bool { return m.Name == item.Measure })
		pools = append(pools, Pool{Name: item.Name, Amount: item.Amount(), Total: p.Measures[at].Total})
		proposal.Columns, by = append(proposal.Columns, i), append(by, at)
	}
	figures, err := p.figures(members, by)
	if err != nil {
		return Proposal{}, err
	}
	d, err := Divide(pools, figures, p.Step, p.Residue)
	if err != nil {
		return Proposal{}, err
	}
	reserve := slices.IndexFunc(items, func(a Allocation) bool { return a.Name == p.ResidueTo })
	for k, column := range proposal.Columns {
		items[column].Residue = d.Residue[k].Neg()
		items[reserve].Residue = items[reserve].Residue.Add(d.Residue[k])
	}
	proposal.Shares = d.Shares
	return proposal, nil
}

// figures gives every pool the figures of its measure.
func (p Plan) figures(members []Member, by []int) ([]Member, error) {
	if err := checkMembers(len(p.Measures), members); err != nil {
		return nil, err
	}
	for k, measure := range p.Measures { // also one that no item uses
		if err := (Pool{Name: measure.Name, Total: measure.Total}).check(members, k); err != nil {
			return nil, err
		}
	}
	straight := len(by) == len(p.Measures)
	for k, measure := range by {
		straight = straight && k == measure
	}
	if straight {
		return members, nil
	}
	arranged := make([]Member, len(members))
	figures := make([]int64, len(members)*len(by))
	for i, m := range members {
		own := figures[i*len(by) : (i+1)*len(by) : (i+1)*len(by)]
		for k, measure := range by {
			own[k] = m.Figures[measure]
		}
		arranged[i] = Member{m.Member, own}
	}
	return arranged, nil
}

// allocate divides both results by their keys.
func (p Plan) allocate() (items []Allocation, err error) {
	amounts, err := p.MemberKey.Allocate(p.Members, p.Step)
	if err != nil {
		return nil, err
	}
	if items, err = merge(nil, p.MemberKey, amounts, func(a *Allocation) *ledger.Money { return &a.Members }); err != nil {
		return nil, err
	}
	if p.Others.IsZero() && len(p.OtherKey) == 0 {
		return items, nil
	}
	if amounts, err = p.OtherKey.Allocate(p.Others, p.Step); err != nil {
		return nil, err
	}
	for i, item := range p.OtherKey {
		if item.forMembers() && amounts[i].Sign() > 0 && !p.OthersToMembers {
			return nil, refuse(ErrKey, "key.others", item.Name, "what business with others brought does not go to members, unless the plan says so").By(RuleSHU)
		}
	}
	return merge(items, p.OtherKey, amounts, func(a *Allocation) *ledger.Money { return &a.Others })
}

func (p Plan) check() error {
	what := yearName(p.Year)
	if p.Year < ledger.MinYear || p.Year > ledger.MaxYear {
		return refuse(ErrResult, "plan.year", what, "a year from %d to %d is needed", ledger.MinYear, ledger.MaxYear)
	}
	for _, part := range []ledger.Money{p.Members, p.Others, p.Total()} {
		if part.Err() != nil || part.Sign() < 0 {
			return refuse(ErrResult, "plan.result", what, "a result of %s is not divided: a loss of one side comes off the other, a deficit is covered from the reserve", part).By(RuleSHU).Comparing(part, ledger.Money{})
		}
	}
	if p.Total().IsZero() {
		return refuse(ErrResult, "plan.nothing", what, "there is no result to divide")
	}
	if p.Step.Err() != nil || p.Step.Sign() <= 0 {
		return refuse(ErrResult, "plan.step", what, "the step of amounts must be above zero")
	}
	if err := p.MemberKey.Validate(); err != nil {
		return err
	}
	known := map[string]MeasureKind{}
	for _, m := range p.Measures {
		if m.Name == "" || contract.TextFault(m.Name) != "" || known[m.Name] != "" || m.Kind != OfCapital && m.Kind != OfService {
			return refuse(ErrMembers, "plan.measure", m.Name, "a measure has a name of its own, and counts capital or service")
		}
		known[m.Name] = m.Kind
	}
	reserve := false
	for _, item := range slices.Concat(p.MemberKey, p.OtherKey) {
		kind, measured := known[item.Measure]
		switch {
		case item.Use == Reserve && item.Name == p.ResidueTo:
			reserve = true
		case !item.forMembers():
		case !measured:
			return refuse(ErrKey, "plan.measure", item.Name, "the plan has no measure %q", contract.Clip(item.Measure))
		case item.Use == ForCapital && kind != OfCapital:
			return refuse(ErrKey, "plan.capital", item.Name, "jasa modal goes by pokok and wajib savings alone, not by %q", contract.Clip(item.Measure)).By(RuleSHU)
		case item.Use == ForService && kind != OfService:
			return refuse(ErrKey, "plan.service", item.Name, "jasa usaha goes by what members did, not by their capital").By(RuleSHU)
		}
	}
	if !reserve {
		return refuse(ErrKey, "plan.residue", p.ResidueTo, "what dividing leaves over must go to a reserve of the key")
	}
	return nil
}
