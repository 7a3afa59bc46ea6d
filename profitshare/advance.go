package profitshare

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Advance asks for returns of a month that is not closed yet, at the rate of
// the last closed one: for time savings on their anniversary, and for accounts
// that close, mature or are broken before the distribution, where their product
// says that they are paid at once. The days count from the first of the month,
// or from an earlier advance, to the day before Date.
//
// On an anniversary it stands beside [Desk.PayOut] of the last month's share:
// the two together are a whole month at the last closed month's rate. When the
// month is run, the true share is set against the advance: what is missing is
// owed like any share; what was too much is the manager's, and no other
// member's share falls for it.
type Advance struct {
	Key  string
	Date ledger.Date
	// Accounts to be paid; none means all [OnAnniversary] whose day it is.
	Accounts []string
	// Penalties of accounts that were broken before their term, out of their
	// return and at most all of it. They go to Plan.Benevolent, never to the
	// manager. One of an account that is not paid now is refused.
	Penalties map[string]ledger.Money
	Memo      string // "Bagi hasil dibayar di muka" and the day if empty
	Document  string
	Maker     string
	Approver  string
}

// RulePenaltyOfBreaking: who breaks a term may pay a penalty, but not to the manager.
const RulePenaltyOfBreaking = "DSN-MUI 17/2000, 43/2004 (unconfirmed)"

// Advanced is the result of an advance.
type Advanced struct {
	Paid     AdvancePaid
	Withheld Withholding // beside the accounts, zero in the answer to a repeated command
	Deferred []Deferred  // of an anniversary: those that could not be paid
	Posted   ledger.Posted
	Repeat   bool
}

// Advance pays returns at the last closed month's rate: debit the product's
// share account and credit the payable sub, then pay that as [Desk.PayOut]
// does, tax over the member's whole calendar month included. The month itself
// must not have been run, and the one before it must. An account named whose
// return cannot be paid is refused with [ErrEarning]; one that has no days is
// passed over. Nothing to pay posts nothing.
func (d *Desk) Advance(ctx context.Context, a Advance) (Advanced, error) {
	return update(ctx, d, a, d.AdvanceTx)
}

// AdvanceTx is Advance in the caller's transaction.
func (d *Desk) AdvanceTx(tx *ledger.Tx, a Advance) (Advanced, error) {
	return atomic(tx, func() (Advanced, error) { return d.advance(tx, a) })
}

func (d *Desk) advance(tx *ledger.Tx, a Advance) (Advanced, error) {
	first, repeated, err := tx.Repeat(ledger.Command{Key: a.Key, Kind: AdvanceKind, Content: a.content(d.plan.Name).Digest()})
	if err != nil {
		return Advanced{}, err
	}
	if repeated {
		return repeatedAdvance(tx, first)
	}
	if err := a.Date.Err(); err != nil {
		return Advanced{}, err
	}
	month := a.Date.Month()
	run, err := RunIn(tx, d.plan.Name, month)
	if err != nil {
		return Advanced{}, err
	}
	if run.Status == Posted || run.Status == Paid {
		return Advanced{}, run.refuse("is run already: what it owes is paid out")
	}
	rated, err := RunIn(tx, d.plan.Name, month.Prev())
	if err != nil {
		return Advanced{}, err
	}
	if rated.Status != Posted && rated.Status != Paid {
		return Advanced{}, rated.refuse("is not run, and so there is no rate to pay in advance by")
	}
	if err := d.plan.check(tx); err != nil {
		return Advanced{}, err
	}
	book, err := AdvancesIn(tx, d.plan.Name, month)
	if err != nil {
		return Advanced{}, err
	}
	p, result, err := d.advances(tx, &a, &rated, &book)
	if err != nil {
		return Advanced{}, err
	}
	result.Paid = AdvancePaid{Version: book.Version + 1, Date: a.Date, Rated: rated.Month}
	result.Withheld = p.withheld
	if len(p.shares) > 0 {
		if err := d.postAdvance(tx, &a, &p, &result); err != nil {
			return Advanced{}, err
		}
	}
	return result, book.save(tx, advanceEvent{Paid: &result.Paid})
}

func (d *Desk) postAdvance(tx *ledger.Tx, a *Advance, p *advances, result *Advanced) error {
	id := RunID(d.plan.Name, a.Date.Month())
	lines := make([]ledger.Line, 0, 4*len(p.shares)+len(d.plan.Products))
	for i, gross := range p.perProduct {
		if !gross.IsZero() {
			lines = append(lines, ledger.Debit(d.plan.Products[i].ShareAccount, gross))
		}
	}
	for i := range p.shares {
		s := &p.shares[i]
		lines = append(lines, ledger.Credit(d.plan.Payable, s.gross).For(s.account).With(s.party))
	}
	for i := range p.shares {
		s, row := &p.shares[i], &p.withheld.Rows[i]
		penalty := a.Penalties[s.account]
		if row.Net.Less(penalty) {
			return amountError(ErrEarning, named("penalty of account", s.account), penalty, "more than its return of").against(row.Net)
		}
		row.Penalty, row.Net = penalty, row.Net.Sub(penalty)
		p.withheld.Net = p.withheld.Net.Sub(penalty)
		lines = d.plan.payLines(lines, s, p.payees[i].to, row)
		if !penalty.IsZero() {
			lines = append(lines, ledger.Credit(d.plan.Benevolent, penalty).With(s.party))
			result.Paid.Penalty = result.Paid.Penalty.Add(penalty)
		}
	}
	text := a.Memo
	if text == "" {
		text = "Bagi hasil dibayar di muka " + a.Date.String()
	}
	var err error
	result.Posted, err = tx.Post(ledger.Entry{
		Date: a.Date, Memo: text, Document: a.Document, Maker: a.Maker, Approver: a.Approver, Lines: lines,
		Source: ledger.Source{Kind: AdvanceKind, ID: id, Version: result.Paid.Version, Event: "pay"},
	})
	if err != nil {
		return err
	}
	w := &p.withheld
	result.Withheld = *w
	result.Paid.Accounts, result.Paid.Entry = len(p.shares), result.Posted.Number
	result.Paid.Gross, result.Paid.Tax, result.Paid.Zakat = w.Gross, w.Tax, w.Zakat
	return join(tx, a.Date, PaidEntry{
		Entry: result.Posted.Number, By: "advance " + id, Payable: d.plan.Payable, Tax: d.plan.Tax, Zakat: d.plan.Zakat.Account,
		Penalty: d.plan.Benevolent, Rule: p.rule,
	})
}

func (a *Advance) content(plan string) *ledger.Content {
	c := ledger.NewContent(AdvanceKind).Text(plan).Date(a.Date).Text(a.Memo).Text(a.Document).Text(a.Maker).Text(a.Approver).Int(int64(len(a.Accounts)))
	for _, account := range a.Accounts {
		c.Text(account).Money(a.Penalties[account])
	}
	for _, account := range slices.Sorted(maps.Keys(a.Penalties)) {
		if !slices.Contains(a.Accounts, account) {
			c.Text(account).Money(a.Penalties[account])
		}
	}
	return c
}

// checkPenalties refuses a penalty that would pay a member out of the
// benevolent fund, and one that would be forgotten. Shares are those that are
// paid in advance now.
func (a *Advance) checkPenalties(shares []share) error {
	paid := make(map[string]bool, len(a.Penalties))
	for i := range shares {
		paid[shares[i].account] = true
	}
	for _, account := range slices.Sorted(maps.Keys(a.Penalties)) {
		penalty := a.Penalties[account]
		switch what := named("penalty of account", account); {
		case penalty.Err() != nil || penalty.Sign() < 0:
			return amountError(ErrEarning, what, penalty, "not zero or above")
		case !paid[account]:
			return amountError(ErrEarning, what, penalty, "no return is paid to it now that it could come out of")
		}
	}
	return nil
}

// advances is what is to be paid in advance.
type advances struct {
	payment
	perProduct []ledger.Money
}

// advances works out who gets what in advance.
func (d *Desk) advances(tx *ledger.Tx, a *Advance, rated *Run, book *Advances) (advances, Advanced, error) {
	p, result := advances{perProduct: make([]ledger.Money, len(d.plan.Products))}, Advanced{}
	if len(a.Penalties) > 0 && d.plan.Benevolent == "" {
		return p, result, &InputError{Kind: ErrPlan, What: "plan: benevolent", Reason: "no account that penalties could go to", Source: RulePenaltyOfBreaking}
	}
	yield, err := rated.yield()
	if err != nil {
		return p, result, err
	}
	covered, err := book.covered(tx)
	if err != nil {
		return p, result, err
	}
	carried, err := carriedBy(tx, d.plan.Name, 0)
	if err != nil {
		return p, result, err
	}
	missing := slices.Clone(a.Accounts)
	month := a.Date.Month()
	for e, err := range d.accounts.Earning(tx, month.First(), month.Last()) {
		if err != nil {
			return p, result, err
		}
		at := slices.Index(missing, e.Account)
		if at >= 0 {
			missing = slices.Delete(missing, at, at+1)
		} else if len(a.Accounts) > 0 || !e.anniversary(a.Date) {
			continue
		}
		gross, err := d.advanceOf(tx, &e, a.Date, covered[e.Account], yield)
		if err != nil {
			return p, result, err
		}
		if _, carries := slices.BinarySearchFunc(carried, e.Account, func(c Carried, id string) int { return strings.Compare(c.Account, id) }); carries || gross.IsZero() {
			continue // capital comes back first, by the run
		}
		s, to := share{e.Account, e.Party, gross}, payee{to: e.PayTo, zakat: e.Zakat}
		reason, err := receiverObstacle(tx, Place{Account: d.plan.Payable, Sub: e.Account}, e.PayTo)
		switch {
		case err != nil:
			return p, result, err
		case reason != "" && at >= 0:
			return p, result, earningError(e.Account, "", reason)
		case reason != "":
			result.Deferred = append(result.Deferred, Deferred{e.Account, e.Party.Member, gross, e.PayTo, reason})
			continue
		}
		p.shares, p.payees = append(p.shares, s), append(p.payees, to)
		product := d.plan.productOf(e.Product)
		p.perProduct[product] = p.perProduct[product].Add(gross)
		p.returns = append(p.returns, Return{Account: s.account, Member: s.party.Member, Gross: gross, Outside: e.Untaxed || outside(s.party)})
	}
	if len(missing) > 0 {
		return p, result, earningError(missing[0], "", "does not earn in this month")
	}
	if err := a.checkPenalties(p.shares); err != nil || len(p.returns) == 0 {
		return p, result, err
	}
	return p, result, p.withhold(tx, &d.plan, a.Date)
}

// advanceOf returns an account's return from the first day that is not paid
// yet to the day before a date, at a yield per weighted balance-day.
func (d *Desk) advanceOf(tx *ledger.Tx, e *EarningAccount, date ledger.Date, covered ledger.Date, yield *big.Rat) (ledger.Money, error) {
	from := date.Month().First()
	if covered.After(from) {
		from = covered
	}
	if !from.Before(date) {
		return ledger.Money{}, nil
	}
	g := newGathering(tx, &d.plan, from, date.Prev())
	part := *e
	part.Slices = clipSlices(e.Slices, from, date.Prev())
	if err := g.add(&part); err != nil {
		return ledger.Money{}, err
	}
	sum := new(big.Rat)
	for _, s := range g.stakes {
		nisbah, weight, err := ratios(g.terms[s.Term : s.Term+1])
		if err != nil {
			return ledger.Money{}, err
		}
		earned := new(big.Rat).Mul(ratOfDays(s.Days), yield)
		sum.Add(sum, earned.Mul(earned, weight[0]).Mul(earned, nisbah[0]))
	}
	rule := ledger.RoundDown
	if d.plan.Rounding.Rule == MemberUp {
		rule = ledger.RoundUp
	}
	gross, err := ledger.Round(sum, d.plan.Rounding.Step, rule)
	return gross, err
}

// clipSlices cuts slices to a period.
func clipSlices(all []Slice, from, through ledger.Date) []Slice {
	var list []Slice
	for _, s := range all {
		if s.From.Before(from) {
			s.From, s.Brought = from, ledger.BalanceDays{}
		}
		if s.Through.After(through) {
			s.Through = through
		}
		if !s.Through.Before(s.From) {
			list = append(list, s)
		}
	}
	return list
}

// anniversary reports whether an account's day of payment falls on a date.
func (a *EarningAccount) anniversary(date ledger.Date) bool {
	return a.Schedule == OnAnniversary && a.Opened.Valid() && a.Opened.Before(date) && !a.Closed.Valid() && date.Month().Day(a.Opened.Day()) == date
}

// yield returns what a weighted balance-day of the run's pool earned, after
// reserves and hibah, before the nisbah; zero where nothing was shared.
func (r *Run) yield() (*big.Rat, error) {
	if r.Yield == "" {
		return new(big.Rat), nil
	}
	yield, ok := new(big.Rat).SetString(r.Yield)
	if !ok {
		return nil, fmt.Errorf("%w: run %s has the yield %q", ErrFormat, clipText(r.ID()), clipText(r.Yield))
	}
	return yield, nil
}

// yield is the same of a distribution.
func (s *Shares) yield() string {
	if s.Nothing != SharedOut || s.restored != nil {
		return s.yieldBeforeRestoring()
	}
	per := new(big.Rat).Mul(s.claims.income, s.claims.uplift())
	return s.perWeightedDay(per)
}

// yieldBeforeRestoring leaves carried losses aside: they are their owners'.
func (s *Shares) yieldBeforeRestoring() string {
	if s.Nothing != SharedOut {
		return ""
	}
	return s.perWeightedDay(s.claims.income)
}

func (s *Shares) perWeightedDay(income *big.Rat) string {
	_, weight, err := ratios(s.pool.Terms)
	sum := new(big.Rat)
	for i := range weight {
		sum.Add(sum, new(big.Rat).Mul(weight[i], ratOfDays(s.terms.held[i])))
	}
	if err != nil || sum.Sign() == 0 {
		return ""
	}
	return new(big.Rat).Quo(income, sum).RatString()
}
