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

	with     []string // the pools of the command, this one among them
	group    []string // those of them that are paid by it
	prepared *payment // worked out with them; nil where the run is paid alone
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
// rule is the one in force on the day. It looks at everything a member is paid
// in that calendar month together, over all accounts, plans and pay-outs, and a
// pay-out that crosses the threshold withholds what earlier ones of the month
// then lack. Parties that are no members (candidates, others) are outside the
// rule: they get the gross, and other rules may apply to them. Where the holder
// has given a mandate, zakat goes from the net to the zakat fund.
//
// A share whose receiving account is missing or blocked for credits, that is
// itself blocked or held, or whose day has not come ([OnAnniversary]) stays on
// the payable account and is listed; a later pay-out under another key pays it
// once it can be. A run that owes nothing any more is refused with [ErrRun].
// A run in which nothing was shared is paid out by doing nothing.
func (d *Desk) PayOut(ctx context.Context, p Disbursement) (Disbursed, error) {
	return update(ctx, d, p, d.PayOutTx)
}

// PayOutTx is PayOut in the caller's transaction.
func (d *Desk) PayOutTx(tx *ledger.Tx, p Disbursement) (Disbursed, error) {
	return atomic(tx, func() (Disbursed, error) { return d.payOut(tx, p) })
}

func (d *Desk) payOut(tx *ledger.Tx, p Disbursement) (Disbursed, error) {
	content := together(d.content(EventPayOut, p.Month).Date(p.Date).Text(p.Memo).Text(p.Document).Text(p.Maker).Text(p.Approver), p.with)
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
	disbursed, lines, err := d.pay(tx, &run, &p)
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
		if err := join(tx, p.Date, run.paidEntry(disbursed.Posted.Number, disbursed.Payment.Rule)); err != nil {
			return Disbursed{}, err
		}
	}
	disbursed.Payment.Version, disbursed.Payment.Entry = e.Version, disbursed.Posted.Number
	disbursed.Payment.With = p.group
	e.Payment = &disbursed.Payment
	disbursed.Run = run.Apply(e)
	return disbursed, save(tx, disbursed.Run, e)
}

// paidEntry says how to read a pay-out of the run.
func (r *Run) paidEntry(number uint64, rule *TaxRule) PaidEntry {
	return PaidEntry{Entry: number, By: r.ID(), Payable: r.Plan.Payable, Tax: r.Plan.Tax, Zakat: r.Plan.Zakat.Account, Rule: *rule}
}

// payment is what a pay-out on a day would come to.
type payment struct {
	shares   []share  // those to be paid
	payees   []payee  // beside them
	returns  []Return // beside them, as the tax sees them
	withheld Withholding
	rule     TaxRule
	deferred []Deferred
}

// payment works out which shares can be paid on a day, and their tax.
func (d *Desk) payment(tx *ledger.Tx, run *Run, date ledger.Date, everyone bool) (payment, error) {
	p, err := d.payableShares(tx, run, date, everyone)
	if err != nil || len(p.shares) == 0 {
		return p, err
	}
	return p, p.withhold(tx, d.ratesOf(run), date)
}

// withhold takes tax and zakat by mandate from the returns of a day.
func (p *payment) withhold(tx *ledger.Tx, plan *Plan, date ledger.Date) error {
	var err error
	if p.rule, err = plan.TaxRules.On(date); err != nil {
		return err
	}
	if p.withheld, err = p.rule.withholdOn(tx, p.returns, date); err != nil {
		return err
	}
	return plan.giveZakat(p, date)
}

// ratesOf is the plan a run was posted with, under the rates of today.
func (d *Desk) ratesOf(run *Run) *Plan {
	plan := run.Plan
	plan.TaxRules, plan.ZakatRules = d.plan.TaxRules, d.plan.ZakatRules
	return &plan
}

// payableShares finds the shares that can be paid on a day. Those that were
// paid before are left out.
func (d *Desk) payableShares(tx *ledger.Tx, run *Run, date ledger.Date, everyone bool) (payment, error) {
	var p payment
	shares, err := sharesOf(tx, run)
	if err != nil || len(shares) == 0 {
		return p, err
	}
	paid, err := paidOn(tx, run, shares)
	if err != nil {
		return p, err
	}
	payees, err := d.payees(tx, run.Month, shares)
	if err != nil {
		return p, err
	}
	p.returns = make([]Return, 0, len(shares))
	p.shares, p.payees = make([]share, 0, len(shares)), make([]payee, 0, len(shares))
	for i, s := range shares {
		if !paid[i].IsZero() {
			continue
		}
		reason := ""
		if !everyone {
			if reason, err = obstacle(tx, &s, Place{Account: run.Plan.Payable, Sub: s.account}, &payees[i], date); err != nil {
				return p, err
			}
		}
		if reason != "" {
			p.deferred = append(p.deferred, Deferred{s.account, s.party.Member, s.gross, payees[i].to, reason})
			continue
		}
		p.shares, p.payees = append(p.shares, s), append(p.payees, payees[i])
		p.returns = append(p.returns, Return{Account: s.account, Member: s.party.Member, Gross: s.gross, Outside: payees[i].untaxed || outside(s.party)})
	}
	return p, nil
}

// withholdOn computes the tax on returns that are paid on a day, beside those
// of the day's calendar month that were paid before.
func (r TaxRule) withholdOn(tx *ledger.Tx, returns []Return, date ledger.Date) (Withholding, error) {
	month, err := PaidMonthIn(tx, date.Month())
	if err != nil {
		return Withholding{}, err
	}
	earlier, err := month.returns(tx)
	if err != nil {
		return Withholding{}, err
	}
	return r.Withhold(returns, earlier)
}

// pay works out a pay-out and the lines that make it.
func (d *Desk) pay(tx *ledger.Tx, run *Run, asked *Disbursement) (Disbursed, []ledger.Line, error) {
	result := Disbursed{Payment: Payment{Date: asked.Date}}
	if run.Nothing != SharedOut {
		return result, nil, nil
	}
	var p payment
	if asked.prepared != nil {
		p = *asked.prepared
	} else {
		var err error
		if p, err = d.payment(tx, run, asked.Date, false); err != nil {
			return result, nil, err
		}
	}
	result.Deferred, result.Arrears = p.deferred, p.withheld.Arrears
	result.Payment.Left = len(p.deferred)
	if len(p.shares) == 0 {
		return result, nil, nil
	}
	lines := make([]ledger.Line, 0, 2*len(p.shares)+len(p.shares)/8)
	for i := range p.shares {
		s, to := &p.shares[i], p.payees[i].to
		lines = run.Plan.payLines(lines, s, to, &p.withheld.Rows[i])
	}
	w := &p.withheld
	result.Payment.Accounts, result.Payment.Rule = len(p.shares), &p.rule
	result.Payment.Gross, result.Payment.Tax, result.Payment.Zakat, result.Payment.Net = w.Gross, w.Tax, w.Zakat, w.Net
	return result, lines, nil
}

// payLines appends the lines that pay one share: what is owed, then where it
// goes. They stand together, for that is how they are read again.
func (p *Plan) payLines(lines []ledger.Line, s *share, to Place, row *Withheld) []ledger.Line {
	lines = append(lines, ledger.Debit(p.Payable, s.gross).For(s.account).With(s.party))
	if !row.Net.IsZero() {
		lines = append(lines, ledger.Credit(to.Account, row.Net).For(to.Sub).With(s.party))
	}
	if tax := row.Tax.Add(row.CatchUp); !tax.IsZero() {
		lines = append(lines, ledger.Credit(p.Tax, tax).With(s.party))
	}
	if !row.Zakat.IsZero() {
		lines = append(lines, ledger.Credit(p.Zakat.Account, row.Zakat).With(s.party))
	}
	return lines
}

// payee is who gets a share, as the accounts stand now.
type payee struct {
	to    Place
	due   ledger.Date // the first day on which it may be paid; zero for any
	zakat *Mandate
	// untaxed says that the tax rule does not cover the holder.
	untaxed bool
}

// payees asks where each share goes, as it stands now.
func (d *Desk) payees(tx *ledger.Tx, month ledger.Month, shares []share) ([]payee, error) {
	list := make([]payee, len(shares))
	places := placesOf(shares)
	for a, err := range d.accounts.Earning(tx, month.First(), month.Last()) {
		if err != nil {
			return nil, err
		}
		if at, found := places.of(a.Account); found {
			list[at] = payee{to: a.PayTo, due: a.due(month), zakat: a.Zakat, untaxed: a.Untaxed}
		}
	}
	return list, nil
}

// obstacle says why a share cannot be paid now, or returns nothing.
func obstacle(tx *ledger.Tx, s *share, owed Place, p *payee, date ledger.Date) (string, error) {
	if date.Before(p.due) {
		return "is due on " + p.due.String(), nil
	}
	if reason, err := receiverObstacle(tx, owed, p.to); reason != "" || err != nil {
		return reason, err
	}
	free, err := tx.Available(owed.Account, owed.Sub, date)
	if err != nil {
		return "", err
	}
	if free.Less(s.gross) {
		return "the share itself is held", nil
	}
	return "", nil
}

// receiverObstacle says why nothing can be paid from what is owed to a place.
func receiverObstacle(tx *ledger.Tx, owed, to Place) (string, error) {
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
	into, _, err := tx.Sub(to.Account, to.Sub)
	if err != nil {
		return "", err
	}
	if into.Block == ledger.CreditBlock || into.Block == ledger.FullBlock {
		return "the receiving account has a " + into.Block.String() + " block", nil
	}
	return "", nil
}
