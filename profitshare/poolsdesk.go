package profitshare

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/shopspring/decimal"
)

// Pools runs a month of several pools as one: previewed, approved, posted, paid
// and taken back together, all of it or nothing. Each pool stays a [Plan] with a
// [Run] and entries of its own, since each has its own akad; what is joined is
// the decision, the moment, and the tax, which looks at a member's shares of all
// pools before any of them is paid.
//
// A command's key stands for all pools; the command of the first has the key
// with "/1" behind it, the second's "/2". Each pool's [Desk] can still be used
// alone, for an [Advance], a loss or a later pay-out.
type Pools struct {
	book  *ledger.Book
	desks []*Desk
	names []string
}

// NewPools returns the desk of several plans. Accounts lists the accounts of all
// of them: an account belongs to the pool that names its product, and one whose
// product no pool names is refused, so that nobody's money is forgotten. What no
// two pools may share is refused with [ErrPlan]: a name, a product, an income
// account, an account of financing, or more than the whole of an account of own
// funds. Bonuses on wadiah are decided apart.
func NewPools(book *ledger.Book, accounts Accounts, plans ...Plan) (*Pools, error) {
	p := &Pools{book: book}
	if len(plans) == 0 {
		return nil, planError("pools", "", "none", "")
	}
	of := make(map[string]int)
	for i, plan := range plans {
		for _, q := range plan.Products {
			if _, twice := of[q.Code]; !twice {
				of[q.Code] = i
			}
		}
	}
	if err := apart(plans, of); err != nil {
		return nil, err
	}
	for i, plan := range plans {
		part := Accounts(nil)
		if accounts != nil {
			part = poolAccounts{accounts, of, i}
		}
		p.desks, p.names = append(p.desks, NewDesk(book, plan, part)), append(p.names, plan.Name)
	}
	return p, nil
}

// apart refuses plans that share what belongs to one pool.
func apart(plans []Plan, poolOf map[string]int) error {
	names, incomes, financing := map[string]bool{}, map[string]string{}, map[string]string{}
	own := make(map[string]decimal.Decimal)
	for i, plan := range plans {
		twice := func(what, value, other string) error {
			return planError(what, value, fmt.Sprintf("stands in pool %q and in pool %q", clipText(other), clipText(plan.Name)), RulePool)
		}
		if plan.Name == "" || names[plan.Name] {
			return planError("name", plan.Name, "is missing or stands twice", "")
		}
		if plan.Wadiah {
			return planError("pools", plan.Name, "gives bonuses, which are decided after the month and apart", RuleBonus)
		}
		names[plan.Name] = true
		for _, q := range plan.Products {
			if first := poolOf[q.Code]; first != i {
				return twice("product", q.Code, plans[first].Name)
			}
		}
		for _, source := range plan.Income {
			if other, known := incomes[source.Account]; known {
				return twice("income", source.Account, other)
			}
			incomes[source.Account] = plan.Name
		}
		for _, code := range plan.Split.Financing {
			if other, known := financing[code]; known {
				return twice("financing", code, other)
			}
			financing[code] = plan.Name
		}
		for _, code := range plan.Split.Own {
			if err := plan.Split.checkOwnPart(); err != nil {
				return err
			}
			if own[code] = own[code].Add(plan.Split.ownPart()); own[code].GreaterThan(decimal.NewFromInt(1)) {
				return planError("own funds", code, "more than the whole of it stands in the pools: the parts come to "+own[code].String(), RulePool)
			}
		}
	}
	return nil
}

// poolAccounts are the accounts of one pool, out of those of all pools. Those of
// products that no pool names stand with the first, which refuses them.
type poolAccounts struct {
	all  Accounts
	pool map[string]int // by product
	at   int
}

func (p poolAccounts) Earning(tx *ledger.Tx, from, through ledger.Date) iter.Seq2[EarningAccount, error] {
	return func(yield func(EarningAccount, error) bool) {
		for a, err := range p.all.Earning(tx, from, through) {
			if err == nil && p.pool[a.Product] != p.at {
				continue
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// Desk returns the desk of one pool, nil if there is none of the name.
func (p *Pools) Desk(name string) *Desk {
	if at := slices.Index(p.names, name); at >= 0 {
		return p.desks[at]
	}
	return nil
}

// PoolsPosting asks for a month of all pools to be shared out.
type PoolsPosting struct {
	Key   string
	Month ledger.Month
	// Decisions are what was decided for the month, by the name of the pool; those
	// of the proposals where there is none.
	Decisions map[string]Decision
	Adjusting bool
	Memo      string
	Document  string
	Maker     string
	Approver  string
}

// PoolsProposal asks for the previews of a month to be put before those who
// approve them.
type PoolsProposal struct {
	Key       string
	Month     ledger.Month
	Decisions map[string]Decision // by the name of the pool
}

// PoolsResult is a month of all pools shared out.
type PoolsResult struct {
	Month ledger.Month
	Pools []Result // in the order of the plans
}

// Figures are the totals of all pools: everything that is an amount, added up.
// What only one pool has (its plan, its yield, its entry) is left out.
func (r *PoolsResult) Figures() Figures {
	var sum Figures
	for i := range r.Pools {
		f := &r.Pools[i].Figures
		sum.Result, sum.Members, sum.Manager = sum.Result.Add(f.Result), sum.Members.Add(f.Members), sum.Manager.Add(f.Manager)
		sum.Own, sum.Leftover, sum.Restored = sum.Own.Add(f.Own), sum.Leftover.Add(f.Leftover), sum.Restored.Add(f.Restored)
		sum.Advanced, sum.Excess = sum.Advanced.Add(f.Advanced), sum.Excess.Add(f.Excess)
		sum.EqualisedByMembers = sum.EqualisedByMembers.Add(f.EqualisedByMembers)
		sum.Accounts += f.Accounts
	}
	return sum
}

// Preview works out what [Pools.Post] would post now, and writes nothing.
func (p *Pools) Preview(ctx context.Context, month ledger.Month, decisions map[string]Decision) (PoolsResult, error) {
	return view(ctx, p.desks[0], func(tx *ledger.Tx) (PoolsResult, error) { return p.PreviewTx(tx, month, decisions) })
}

// PreviewTx is Preview in the caller's transaction.
func (p *Pools) PreviewTx(tx *ledger.Tx, month ledger.Month, decisions map[string]Decision) (PoolsResult, error) {
	return p.each(month, decisions, func(d *Desk, decision Decision, _ int) (Result, error) { return d.PreviewWithTx(tx, month, decision) })
}

// Propose keeps the previews of all pools, to be approved and posted.
func (p *Pools) Propose(ctx context.Context, proposal PoolsProposal) (PoolsResult, error) {
	return update(ctx, p.desks[0], proposal, p.ProposeTx)
}

// ProposeTx is Propose in the caller's transaction.
func (p *Pools) ProposeTx(tx *ledger.Tx, proposal PoolsProposal) (PoolsResult, error) {
	return atomic(tx, func() (PoolsResult, error) {
		return p.each(proposal.Month, proposal.Decisions, func(d *Desk, decision Decision, n int) (Result, error) {
			return d.ProposeTx(tx, Proposal{Key: keyOf(proposal.Key, n), Month: proposal.Month, Decision: decision, with: p.names})
		})
	})
}

// Approve keeps an approval of all pools' figures: of every pool whose plan asks
// for it, and one must. The runs stand in the order of the plans.
func (p *Pools) Approve(ctx context.Context, a Approving) ([]Run, error) {
	return update(ctx, p.desks[0], a, p.ApproveTx)
}

// ApproveTx is Approve in the caller's transaction.
func (p *Pools) ApproveTx(tx *ledger.Tx, a Approving) ([]Run, error) {
	return atomic(tx, func() ([]Run, error) {
		var runs []Run
		for i, d := range p.desks {
			if !slices.Contains(d.plan.Approvers, a.Role) {
				continue
			}
			run, err := d.ApproveTx(tx, Approving{Key: keyOf(a.Key, i), Month: a.Month, Approval: a.Approval, with: p.names})
			if err != nil {
				return nil, err
			}
			runs = append(runs, run)
		}
		if len(runs) == 0 {
			return nil, &InputError{Kind: ErrRun, What: named("approval", a.Role), Reason: "no pool asks for it"}
		}
		return runs, nil
	})
}

// Post shares the month of all pools out, each as [Desk.Post] does, or none.
func (p *Pools) Post(ctx context.Context, posting PoolsPosting) (PoolsResult, error) {
	return update(ctx, p.desks[0], posting, p.PostTx)
}

// PostTx is Post in the caller's transaction.
func (p *Pools) PostTx(tx *ledger.Tx, posting PoolsPosting) (PoolsResult, error) {
	return atomic(tx, func() (PoolsResult, error) {
		return p.each(posting.Month, posting.Decisions, func(d *Desk, decision Decision, n int) (Result, error) {
			return d.PostTx(tx, Posting{
				Key: keyOf(posting.Key, n), Month: posting.Month, Decision: decision, Adjusting: posting.Adjusting,
				Memo: posting.Memo, Document: posting.Document, Maker: posting.Maker, Approver: posting.Approver, with: p.names,
			})
		})
	})
}

// each does one thing with every pool, and looks that no account earns in two.
func (p *Pools) each(month ledger.Month, decisions map[string]Decision, do func(d *Desk, decision Decision, n int) (Result, error)) (PoolsResult, error) {
	result := PoolsResult{Month: month}
	for name := range decisions {
		if !slices.Contains(p.names, name) {
			return PoolsResult{}, planError("decision", name, "there is no pool of the name", "")
		}
	}
	for i, d := range p.desks {
		r, err := do(d, decisions[d.plan.Name], i)
		if err != nil {
			return PoolsResult{}, err
		}
		result.Pools = append(result.Pools, r)
	}
	shares := make([]*Shares, len(result.Pools))
	for i := range result.Pools {
		shares[i] = &result.Pools[i].Shares
	}
	if account, a, b := inTwoPools(shares); account != "" {
		return PoolsResult{}, stakesTwice(account, p.names[a], p.names[b])
	}
	return result, nil
}

// keyOf is the key of one pool's command.
func keyOf(key string, n int) string { return fmt.Sprintf("%s/%d", key, n+1) }
