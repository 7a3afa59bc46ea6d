package shu

import (
	"context"
	"slices"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Draft says how a plan is made from the book.
type Draft struct {
	// Plan has the year, the keys and the rules; its results and measures are
	// read from the book.
	Plan Plan
	// BySource divides the year's result in the proportion of its income, see
	// [Sources.Split]; otherwise all of it is the members'.
	BySource bool
	Capital  []CapitalMeasure
	Services []ServiceMeasure
}

// CapitalMeasure is a measure of capital, by the name that items of the key use.
type CapitalMeasure struct {
	Name string
	Rule CapitalRule // of the plan's year, whatever it says
}

// ServiceMeasure is a measure of service: see [ServiceOf].
type ServiceMeasure struct {
	Name     string
	Accounts []string
}

// Draft reads a plan and the members' figures from the book: the year's result
// that is not decided on yet, as of the first day after the year or what came
// since; whom it came from; members' capital and what they did. What it returns
// can be changed (who leaves is taken out, of the total too), proposed
// ([Plan.Propose]) and decided. A year without a result is refused with [ErrResult].
func (d *Desk) Draft(ctx context.Context, draft Draft) (plan Plan, members []Member, err error) {
	err = d.book.View(ctx, func(tx *ledger.Tx) error {
		plan, members, err = d.DraftTx(tx, draft)
		return err
	})
	return plan, members, err
}

// DraftTx is Draft in the caller's transaction.
func (d *Desk) DraftTx(tx *ledger.Tx, draft Draft) (Plan, []Member, error) {
	fail := func(err error) (Plan, []Member, error) { return Plan{}, nil, contract.In(tx, "", err) }
	plan := draft.Plan
	if first := ledger.On(plan.Year, time.January, 1); first.Err() != nil {
		return fail(refuse(ErrResult, "plan.year", yearName(plan.Year), "a year from %d to %d is needed", ledger.MinYear, ledger.MaxYear))
	}
	balance, err := tx.Balance(d.accounts.Undivided, "", ledger.Latest())
	if err != nil {
		return fail(err)
	}
	result := balance.Neg()
	if result.Sign() <= 0 {
		return fail(refuse(ErrResult, "draft.result", yearName(plan.Year), "the book has %s undivided: there is no result to divide", result).By(RuleSHU).Comparing(result, ledger.Money{}))
	}
	plan.Members, plan.Others = result, ledger.Money{}
	if draft.BySource {
		sources, err := SourcesOf(tx, plan.Year)
		if err != nil {
			return fail(err)
		}
		if plan.Members, plan.Others, err = sources.Split(result, plan.Step); err != nil {
			return fail(err)
		}
	}
	var lists [][]Figure
	plan.Measures = nil
	add := func(name string, kind MeasureKind, list []Figure, err error) error {
		lists = append(lists, list)
		plan.Measures = append(slices.Clip(plan.Measures), Measure{name, kind, TotalOf(list)})
		return err
	}
	for _, m := range draft.Capital {
		m.Rule.Year = plan.Year
		list, err := CapitalOf(tx, m.Rule)
		if err := add(m.Name, OfCapital, list, err); err != nil {
			return fail(err)
		}
	}
	for _, m := range draft.Services {
		list, err := ServiceOf(tx, plan.Year, m.Accounts...)
		if err := add(m.Name, OfService, list, err); err != nil {
			return fail(err)
		}
	}
	return plan, MembersOf(lists...), nil
}
