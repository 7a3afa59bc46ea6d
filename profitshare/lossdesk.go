package profitshare

import (
	"context"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// LossBearing asks for a loss to be borne by those whose loss it is.
type LossBearing struct {
	Key   string
	Month ledger.Month // whose run found no profit that could bear it
	Date  ledger.Date  // of the entry
	// Amount is the loss; zero means what the month's result is below zero, which
	// comes first and is borne once. Any other loss of the month, such as an
	// asset that was destroyed, is one that the books have not charged to the
	// pool's income accounts: it comes on top.
	Amount ledger.Money
	// From is credited with the loss: the account that shows it as the owners'
	// (kerugian dana syirkah), or the impaired asset itself.
	From Place
	// OwnTo is debited with the part that own funds bear; needed where they do.
	OwnTo string
	// Negligent says that the loss came from the manager's fault. It is then the
	// manager's own expense, debited to OwnTo, and nobody's capital is touched.
	Negligent bool
	Reason    string // required: what was lost and why
	By        string // who decided; required
	Document  string // where it is written; required
	Maker     string
	Approver  string
}

// LossBorne is a loss divided and posted.
type LossBorne struct {
	Loss   Loss
	Shares LossShares // zero in the answer to a repeated command
	Losses Losses     // the plan's, after it
	Posted ledger.Posted
	Repeat bool
}

// BearLoss posts who bears a loss: after the income of the month, the risk
// reserve, then all capital in the pool pro rata to its balances on the day;
// a loss by the manager's fault is the manager's alone. Debit the reserve, each
// account's capital and OwnTo, credit From.
//
// The month must have been run and have found no profit: profit bears a loss
// first, so charge it to the pool's income accounts before the month is run.
// Floors, holds and blocks bind this entry like any: an account whose debits are
// blocked must be freed first, or the book refuses the whole. A
// share is never negative; what an account has lost is carried until later
// profit restores it. Refusals match [ErrLoss] or [ErrRun].
func (d *Desk) BearLoss(ctx context.Context, b LossBearing) (LossBorne, error) {
	return update(ctx, d, b, d.BearLossTx)
}

// BearLossTx is BearLoss in the caller's transaction.
func (d *Desk) BearLossTx(tx *ledger.Tx, b LossBearing) (LossBorne, error) {
	return atomic(tx, func() (LossBorne, error) { return d.bearLoss(tx, b) })
}

func (d *Desk) bearLoss(tx *ledger.Tx, b LossBearing) (LossBorne, error) {
	content := ledger.NewContent(LossKind).Text(d.plan.Name).Date(b.Month.First()).Date(b.Date).Money(b.Amount).Text(b.From.Account).Text(b.From.Sub).
		Text(b.OwnTo).Bool(b.Negligent).Text(b.Reason).Text(b.By).Text(b.Document).Text(b.Maker).Text(b.Approver)
	first, repeated, err := tx.Repeat(ledger.Command{Key: b.Key, Kind: LossKind + ".bear", Content: content.Digest()})
	if err != nil {
		return LossBorne{}, err
	}
	if repeated {
		return repeatedLoss(tx, first)
	}
	if err := b.check(); err != nil {
		return LossBorne{}, err
	}
	losses, err := LossesIn(tx, d.plan.Name)
	if err != nil {
		return LossBorne{}, err
	}
	run, err := RunIn(tx, d.plan.Name, b.Month)
	if err != nil {
		return LossBorne{}, err
	}
	if b.Amount, err = run.lossAmount(&b, &losses); err != nil {
		return LossBorne{}, err
	}
	loss := Loss{Version: losses.Version + 1, Month: b.Month, Date: b.Date, Amount: b.Amount, Reason: b.Reason, By: b.By, Document: b.Document}
	result := LossBorne{}
	var lines []ledger.Line
	if b.Negligent {
		loss.Manager = b.Amount
		lines = []ledger.Line{ledger.Debit(b.OwnTo, b.Amount), ledger.Credit(b.From.Account, b.Amount).For(b.From.Sub)}
	} else if lines, err = d.ownersLoss(tx, &b, &loss, &result.Shares); err != nil {
		return LossBorne{}, err
	}
	result.Posted, err = tx.Post(ledger.Entry{
		Date: b.Date, Memo: b.Reason, Document: b.Document, Maker: b.Maker, Approver: b.Approver, Lines: lines,
		Source: ledger.Source{Kind: LossKind, ID: d.plan.Name, Version: loss.Version, Event: "bear"},
	})
	if err != nil {
		return LossBorne{}, err
	}
	loss.Entry = result.Posted.Number
	result.Loss = loss
	result.Losses, err = losses.save(tx, lossEvent{Bear: &loss, Date: b.Date})
	return result, err
}

func (b *LossBearing) check() error {
	refuse := func(what, reason string) error {
		return &InputError{Kind: ErrLoss, What: what, Reason: reason, Source: RuleLoss}
	}
	switch {
	case b.Reason == "" || b.By == "" || b.Document == "":
		return refuse("loss", "capital is written down only by a decision with its reason, who decided and where it is written")
	case !b.Date.Valid() || b.Date.Before(b.Month.Last()):
		return refuse("loss", "is borne on the last day of its month or later")
	case b.From.Account == "":
		return refuse("loss", "names no account that shows it")
	case b.Negligent && b.OwnTo == "":
		return refuse("loss by negligence", "names no expense account of the manager")
	case b.Amount.Sign() < 0:
		return amountError(ErrLoss, "loss", b.Amount, "below zero")
	}
	return nil
}

// lossAmount returns the loss that is to be borne: the month's own result below
// zero, once and first, then others.
func (r *Run) lossAmount(b *LossBearing, losses *Losses) (ledger.Money, error) {
	if b.Negligent {
		if b.Amount.IsZero() {
			return b.Amount, amountError(ErrLoss, "loss by negligence", b.Amount, "not above zero")
		}
		return b.Amount, nil
	}
	if r.Status != Posted && r.Status != Paid {
		return b.Amount, r.refuse("a loss is borne after the month has been run, for its profit bears it first")
	}
	if r.Nothing == SharedOut || r.Result.Sign() > 0 {
		return b.Amount, r.refuse("had a profit, which bears a loss first: charge it to the pool's income accounts and run the month again")
	}
	own := r.Result.Sign() < 0 && !slices.ContainsFunc(losses.Borne, func(l Loss) bool {
		return l.Month == b.Month && l.Entry != 0 && l.Manager.IsZero()
	})
	switch {
	case own && b.Amount.IsZero():
		return r.Result.Neg(), nil
	case own:
		return b.Amount, r.refuse("what its result is below zero is borne first; leave the amount out")
	case b.Amount.IsZero():
		return b.Amount, r.refuse("has no loss that is still to be borne")
	}
	return b.Amount, nil
}

// ownersLoss divides a loss and returns the lines that post it.
func (d *Desk) ownersLoss(tx *ledger.Tx, b *LossBearing, loss *Loss, shares *LossShares) ([]ledger.Line, error) {
	pool := LossPool{Amount: b.Amount, Step: d.plan.Rounding.Step}
	parties := make(map[string]invested)
	var syirkah ledger.Money
	for a, err := range d.accounts.Earning(tx, b.Date, b.Date) {
		if err != nil {
			return nil, err
		}
		at := d.plan.productOf(a.Product)
		if at < 0 {
			return nil, earningError(a.Account, a.Product, "is of a product that the plan does not name")
		}
		control := d.plan.Products[at].Control
		balance, err := tx.Balance(control, a.Account, ledger.EndOf(b.Date))
		if err != nil {
			return nil, err
		}
		if balance = balance.Neg(); balance.IsZero() {
			continue
		}
		pool.Capital = append(pool.Capital, Capital{a.Account, balance})
		parties[a.Account] = invested{control, a.Party}
		syirkah = syirkah.Add(balance)
	}
	var err error
	if pool.Own, err = d.plan.ownFunds(tx, b.Date, syirkah); err != nil {
		return nil, err
	}
	if !d.plan.Risk.IsZero() {
		reserve, err := d.plan.Risk.standing(tx, b.Date)
		if err != nil {
			return nil, err
		}
		pool.Reserve = reserve.Max(ledger.Money{})
	}
	s, err := ShareLoss(pool)
	if err != nil {
		return nil, err
	}
	if !s.Own.IsZero() && b.OwnTo == "" {
		return nil, amountError(ErrLoss, "own funds' part of the loss", s.Own, "names no account that bears it")
	}
	*shares = s
	loss.Reserve, loss.Members, loss.Own = s.Reserve, s.Members, s.Own
	lines := make([]ledger.Line, 0, len(s.Parts)+3)
	for _, part := range s.Parts {
		at := parties[part.Account]
		lines = append(lines, ledger.Debit(at.control, part.Amount).For(part.Account).With(at.party))
		if !slices.Contains(loss.Controls, at.control) {
			loss.Controls = append(loss.Controls, at.control)
		}
	}
	for _, l := range []ledger.Line{ledger.Debit(d.plan.Risk.Account, s.Reserve), ledger.Debit(b.OwnTo, s.Own)} {
		if !l.Amount.IsZero() {
			lines = append(lines, l)
		}
	}
	return append(lines, ledger.Credit(b.From.Account, b.Amount).For(b.From.Sub)), nil
}

// invested is where the capital of an account stands and whose it is.
type invested struct {
	control string
	party   ledger.Party
}

// ownFunds returns the cooperative's own money in the pool on a day, as the
// plan's split sees it.
func (p *Plan) ownFunds(tx *ledger.Tx, day ledger.Date, syirkah ledger.Money) (ledger.Money, error) {
	sum := func(codes []string) (total ledger.Money, err error) {
		for _, code := range codes {
			balance, err := tx.Balance(code, "", ledger.EndOf(day))
			if err != nil {
				return total, err
			}
			total = total.Add(balance)
		}
		return total, nil
	}
	switch p.Split.Policy {
	case ProRata:
		own, err := sum(p.Split.Own)
		if err != nil || own.Sign() >= 0 {
			return ledger.Money{}, err
		}
		if err := p.Split.checkOwnPart(); err != nil {
			return ledger.Money{}, err
		}
		part, _ := exactRatio(p.Split.ownPart())
		return halfUp(part.Mul(part, ratOf(own.Neg())), 1), nil
	case SyirkahFirst:
		financing, err := sum(p.Split.Financing)
		return financing.Sub(syirkah).Max(ledger.Money{}), err
	}
	return ledger.Money{}, nil
}

func repeatedLoss(tx *ledger.Tx, first ledger.Command) (LossBorne, error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return LossBorne{}, err
	}
	result := LossBorne{Repeat: true}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil:
			if result.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return result, err
			}
			result.Posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == LossKind:
			if err := decode(ch.Record, ch.Record.State, &result.Losses); err != nil {
				return result, err
			}
			if n := len(result.Losses.Borne); n > 0 {
				result.Loss = result.Losses.Borne[n-1]
			}
			return result, nil
		}
	}
	return result, fmt.Errorf("%w: command %q has saved no loss", ledger.ErrCorrupt, clipText(first.Key))
}

// LossReversal asks for the latest loss of the plan to be undone.
type LossReversal struct {
	Key      string
	Date     ledger.Date
	Reason   string // required
	Document string
	Maker    string
	Approver string
}

// ReverseLoss undoes the latest loss that was borne, by the mirror of its
// entry; not once later profit has restored capital, which is undone first.
func (d *Desk) ReverseLoss(ctx context.Context, r LossReversal) (LossBorne, error) {
	return update(ctx, d, r, d.ReverseLossTx)
}

// ReverseLossTx is ReverseLoss in the caller's transaction.
func (d *Desk) ReverseLossTx(tx *ledger.Tx, r LossReversal) (LossBorne, error) {
	return atomic(tx, func() (LossBorne, error) {
		content := ledger.NewContent(LossKind).Text(d.plan.Name).Date(r.Date).Text(r.Reason).Text(r.Document).Text(r.Maker).Text(r.Approver)
		first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: LossKind + ".undo", Content: content.Digest()})
		if err != nil {
			return LossBorne{}, err
		}
		if repeated {
			result, err := repeatedLoss(tx, first)
			result.Loss = Loss{}
			return result, err
		}
		losses, err := LossesIn(tx, d.plan.Name)
		if err != nil {
			return LossBorne{}, err
		}
		n := len(losses.Borne)
		switch {
		case r.Reason == "":
			return LossBorne{}, &InputError{Kind: ErrLoss, What: "reversal of a loss", Reason: "needs a reason"}
		case n == 0 || losses.Borne[n-1].Entry == 0:
			return LossBorne{}, &InputError{Kind: ErrLoss, What: named("plan", d.plan.Name), Reason: "has no loss of its own that could be undone"}
		}
		loss := losses.Borne[n-1]
		for _, back := range losses.Restored {
			if back.Entry > loss.Entry {
				return LossBorne{}, &InputError{Kind: ErrLoss, What: named("run", back.Run), Reason: "has restored capital since; reverse it first"}
			}
		}
		result := LossBorne{Loss: loss}
		result.Posted, err = tx.Reverse(ledger.Reversal{
			Entry: loss.Entry, Date: r.Date, Reason: r.Reason, Document: r.Document, Maker: r.Maker, Approver: r.Approver,
			Source: ledger.Source{Kind: LossKind, ID: d.plan.Name, Version: losses.Version + 1, Event: "undo"},
		})
		if err != nil {
			return LossBorne{}, err
		}
		result.Losses, err = losses.save(tx, lossEvent{Undo: loss.Entry, Mirror: result.Posted.Number, Reason: r.Reason, Date: r.Date})
		return result, err
	})
}
