package profitshare

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
)

// Disbursement asks for the shares of a month to be paid out.
type Disbursement struct {
	Key      string
	Month    ledger.Month // whose run is paid
	Date     ledger.Date  // after the month
	Memo     string       // "Pembayaran bagi hasil" and the month if empty
	Document string
	Maker    string
	Approver string
}

// Disbursed is the result of a pay-out.
type Disbursed struct {
	Run     Run     // after it
	Payment Payment // what this pay-out came to
	// Deferred are the shares that could not be paid and are still owed. The
	// answer to a repeated command leaves them to [Desk.Rows].
	Deferred []Deferred
	Arrears  []Arrears     // catch-up tax for which the shares do not suffice
	Posted   ledger.Posted // zero if no share could be paid
	Repeat   bool          // the command had been carried out before; this is its first result
}

// Deferred is a share that stays a liability for now.
type Deferred struct {
	Account string
	Member  string
	Gross   ledger.Money
	PayTo   Place
	Reason  string // such as "has a credit block"
}

// PayOut pays the shares of a posted run: debit the payable sub of each account
// with its gross share, credit the receiving account with the net and the tax
// account with the tax, the owner as the party of each line.
//
// What is paid are the lines that were posted, never a new calculation. The tax
// rule is the one in force on the day of the run's first pay-out. It looks at
// all shares a member has of the month together, those that runs of other plans
// have paid for the same month included, whenever each of them is paid. Parties
// that are no members (candidates, others) are outside the rule: they get the
// gross, and other rules may apply to them.
//
// A share whose receiving account is missing or blocked for credits, or that is
// itself blocked or held, stays on the payable account and is listed; a later pay-out under another key pays it
// once it can be. A run that owes nothing any more is refused with [ErrRun].
// A run in which nothing was shared is paid out by doing nothing.
func (d *Desk) PayOut(ctx context.Context, p Disbursement) (Disbursed, error) {
	return update(ctx, d, p, d.PayOutTx)
}

// PayOutTx is PayOut in the caller's transaction.
func (d *Desk) PayOutTx(tx *ledger.Tx, p Disbursement) (Disbursed, error) {
	return ledger.Atomic(tx, func() (Disbursed, error) { return d.payOut(tx, p) })
}

func (d *Desk) payOut(tx *ledger.Tx, p Disbursement) (Disbursed, error) {
	content := d.content(EventPayOut, p.Month).Date(p.Date).Text(p.Memo).Text(p.Document).Text(p.Maker).Text(p.Approver)
	first, repeated, err := tx.Repeat(ledger.Command{Key: p.Key, Kind: commandKind(EventPayOut), Content: content.Digest()})
	if err != nil {
		return Disbursed{}, err
	}
	if repeated {
		run, posted, err := firstResult(tx, first)
		if err != nil || len(run.Payments) == 0 {
			return Disbursed{}, err
		}
		return Disbursed{Run: run, Payment: run.Payments[len(run.Payments)-1], Posted: posted, Repeat: true}, nil
	}
	run, err := RunIn(tx, d.plan.Name, p.Month)
	if err != nil {
		return Disbursed{}, err
	}
	if err := run.payable(p.Date); err != nil {
		return Disbursed{}, err
	}
	e := run.next(EventPayOut, p.Date)
	if len(run.Payments) == 0 {
		if err := d.firstPayment(tx, &run, &e); err != nil {
			return Disbursed{}, err
		}
	}
	disbursed, lines, err := d.pay(tx, &run, p.Date)
	if err != nil {
		return Disbursed{}, err
	}
	if len(lines) > 0 {
		disbursed.Posted, err = tx.Post(ledger.Entry{
			Date: p.Date, Memo: memo(p.Memo, "Pembayaran bagi hasil", p.Month), Document: p.Document, Maker: p.Maker, Approver: p.Approver,
			Source: e.source(run.ID()), Lines: lines,
		})
		if err != nil {
			return Disbursed{}, err
		}
	}
	disbursed.Payment.Version, disbursed.Payment.Entry = e.Version, disbursed.Posted.Number
	e.Payment = &disbursed.Payment
	disbursed.Run = run.Apply(e)
	return disbursed, save(tx, disbursed.Run, e)
}

// firstPayment fixes by which rule, and after which other runs of the month,
// the run's shares are taxed.
func (d *Desk) firstPayment(tx *ledger.Tx, run *Run, e *RunEvent) error {
	if run.Nothing != SharedOut {
		return nil
	}
	rule, err := d.plan.TaxRules.On(e.Date)
	if err != nil {
		return err
	}
	if _, err := rule.check(); err != nil {
		return err
	}
	if e.Earlier, err = paidBefore(tx, run); err != nil {
		return err
	}
	e.Tax = &rule
	run.Tax, run.Earlier = e.Tax, e.Earlier
	return nil
}

// paidBefore names the other runs of the month whose shares have been paid.
func paidBefore(tx *ledger.Tx, run *Run) ([]string, error) {
	runs, err := runsOf(tx, run.Month)
	if err != nil {
		return nil, err
	}
	var earlier []string
	for _, other := range runs {
		if other.Plan.Name != run.Plan.Name && len(other.Payments) > 0 && other.Tax != nil {
			earlier = append(earlier, other.Plan.Name)
		}
	}
	return earlier, nil
}

// withhold returns a run's shares and their tax, as its rule and the runs paid
// before it give them.
func withhold(tx *ledger.Tx, run *Run) ([]share, Withholding, error) {
	shares, err := sharesOf(tx, run)
	if err != nil || len(shares) == 0 {
		return nil, Withholding{}, err
	}
	var earlier []Withheld
	for _, plan := range run.Earlier {
		other, err := RunIn(tx, plan, run.Month)
		if err != nil {
			return nil, Withholding{}, err
		}
		_, w, err := withhold(tx, &other)
		if err != nil {
			return nil, Withholding{}, err
		}
		earlier = append(earlier, w.Rows...)
	}
	returns := make([]Return, len(shares))
	for i, s := range shares {
		outside := s.party.Standing == ledger.Candidate || s.party.Standing == ledger.Other
		returns[i] = Return{Account: s.account, Member: s.party.Member, Gross: s.gross, Outside: outside}
	}
	w, err := run.Tax.Withhold(returns, earlier)
	return shares, w, err
}

// pay works out which shares can be paid on a day, and the lines that pay them.
func (d *Desk) pay(tx *ledger.Tx, run *Run, date ledger.Date) (Disbursed, []ledger.Line, error) {
	result := Disbursed{Payment: Payment{Date: date}}
	if run.Nothing != SharedOut {
		return result, nil, nil
	}
	shares, withheld, err := withhold(tx, run)
	if err != nil {
		return result, nil, err
	}
	result.Arrears = withheld.Arrears
	paid, err := paidOn(tx, run, shares)
	if err != nil {
		return result, nil, err
	}
	receivers, err := d.receivers(tx, run.Month, shares)
	if err != nil {
		return result, nil, err
	}
	lines := make([]ledger.Line, 0, 2*len(shares)+len(shares)/8)
	for i, s := range shares {
		if !paid[i].IsZero() {
			continue
		}
		reason, err := obstacle(tx, &s, Place{Account: run.Plan.Payable, Sub: s.account}, receivers[i], date)
		if err != nil {
			return result, nil, err
		}
		if reason != "" {
			result.Deferred = append(result.Deferred, Deferred{s.account, s.party.Member, s.gross, receivers[i], reason})
			continue
		}
		row := &withheld.Rows[i]
		tax := row.Tax.Add(row.CatchUp)
		lines = append(lines, ledger.Debit(run.Plan.Payable, s.gross).For(s.account).With(s.party))
		if !row.Net.IsZero() {
			lines = append(lines, ledger.Credit(receivers[i].Account, row.Net).For(receivers[i].Sub).With(s.party))
		}
		if !tax.IsZero() {
			lines = append(lines, ledger.Credit(run.Plan.Tax, tax).With(s.party))
		}
		p := &result.Payment
		p.Accounts++
		p.Gross, p.Tax, p.Net = p.Gross.Add(s.gross), p.Tax.Add(tax), p.Net.Add(row.Net)
	}
	result.Payment.Left = len(result.Deferred)
	return result, lines, nil
}

// receivers asks where each share goes, as it stands now.
func (d *Desk) receivers(tx *ledger.Tx, month ledger.Month, shares []share) ([]Place, error) {
	receivers := make([]Place, len(shares))
	places := placesOf(shares)
	for a, err := range d.accounts.Earning(tx, month.First(), month.Last()) {
		if err != nil {
			return nil, err
		}
		if at, found := places.of(a.Account); found {
			receivers[at] = a.PayTo
		}
	}
	return receivers, nil
}

// obstacle says why a share cannot be paid now, or returns nothing.
func obstacle(tx *ledger.Tx, s *share, owed, to Place, date ledger.Date) (string, error) {
	if to.Account == "" {
		return "has no receiving account", nil
	}
	if to.Account == owed.Account {
		return "cannot be paid into the account that owes it", nil
	}
	from, _, err := tx.Sub(owed.Account, owed.Sub)
	if err != nil {
		return "", err
	}
	if from.Block == ledger.DebitBlock || from.Block == ledger.FullBlock {
		return "the share itself has a " + from.Block.String() + " block", nil
	}
	free, err := tx.Available(owed.Account, owed.Sub, date)
	if err != nil {
		return "", err
	}
	if free.Less(s.gross) {
		return "the share itself is held", nil
	}
	into, _, err := tx.Sub(to.Account, to.Sub)
	if err != nil {
		return "", err
	}
	if into.Block == ledger.CreditBlock || into.Block == ledger.FullBlock {
		return "the receiving account has a " + into.Block.String() + " block", nil
	}
	return "", nil
}
