package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Mature carries out what was agreed for the day time savings mature: another
// term (S16, nothing is posted: shares that were paid into the account are part
// of the new principal), or a claim that waits for the holder and earns nothing
// (S17). It refuses with [ErrTerm] before the day, and with [ErrDate] if the
// day of another term's beginning is closed. [MaturitiesIn] lists what is due.
func (d *Desk) Mature(ctx context.Context, c Maturing) (Receipt, error) {
	return update(ctx, d, c, d.MatureTx)
}

// MatureTx is Mature in the caller's transaction.
func (d *Desk) MatureTx(tx *ledger.Tx, c Maturing) (Receipt, error) {
	return atomic(tx, c, d.mature)
}

func (d *Desk) mature(tx *ledger.Tx, c Maturing) (Receipt, error) {
	receipt, done, err := repeat(tx, command(c.Key, "savings.mature", c))
	if done || err != nil {
		return receipt, err
	}
	at, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	if at.account.Term != nil && at.account.Status == Active {
		if err := at.loadTerms(tx, at.account.Term.Maturity); err != nil {
			return Receipt{}, err
		}
	}
	sub, _, err := tx.Sub(at.account.Control, at.account.ID)
	if err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Mature(c, at.basis, ledger.CreditSide.Natural(sub.Last))
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	v := voucher{memo(c.Memo, "Jatuh tempo", c.Account), c.Document, c.Maker, c.Approver}
	if e.Name == EventRollover {
		if err := inOpenPeriod(tx, c.Account, e.Date); err != nil {
			return Receipt{}, err
		}
		return carryOut(tx, e, v, at)
	}
	// A share that was paid into it after the day keeps the money there until then.
	if sub.LastDay.After(e.Date) {
		e.Date = sub.LastDay
	}
	if _, err := at.closable(tx, e.Date, false); err != nil {
		return Receipt{}, err
	}
	if err := openWaiting(tx, e); err != nil {
		return Receipt{}, err
	}
	return d.endTerm(tx, e, v, c.Approver, at)
}

// endTerm posts the event that ends time savings, blocks their sub and saves
// every account that it changed; the first is the one that ended.
func (d *Desk) endTerm(tx *ledger.Tx, e Event, v voucher, by string, accounts ...*opened) (Receipt, error) {
	posted, err := post(tx, e, v, accounts...)
	if err != nil {
		return Receipt{}, err
	}
	if err := blockClosed(tx, accounts[0].account, by); err != nil {
		return Receipt{}, err
	}
	return Receipt{Posted: posted}, keep(tx, e, accounts...)
}

// openWaiting opens the sub on which matured savings wait, unless it was
// opened before: a maturity that was taken back leaves it empty.
func openWaiting(tx *ledger.Tx, e Event) error {
	sub, found, err := tx.Sub(e.Counter.Account, e.Counter.Sub)
	if err != nil || found && sub.Opened {
		return err
	}
	return tx.OpenSub(ledger.SubOpening{Account: e.Counter.Account, Sub: e.Counter.Sub, Holder: e.Party.Member, Floor: floorOf(ledger.Money{})})
}

// Break ends time savings before they mature (S18): debit the account, credit
// the counter account or another savings account of the holder, and the
// benevolent fund with the product's penalty. By the product's rule the month
// earns nothing. Savings that are held, as collateral, cannot be broken.
func (d *Desk) Break(ctx context.Context, c Breaking) (Receipt, error) {
	return update(ctx, d, c, d.BreakTx)
}

// BreakTx is Break in the caller's transaction.
func (d *Desk) BreakTx(tx *ledger.Tx, c Breaking) (Receipt, error) {
	return atomic(tx, c, d.breakTerm)
}

func (d *Desk) breakTerm(tx *ledger.Tx, c Breaking) (Receipt, error) {
	receipt, done, err := repeat(tx, command(c.Key, "savings.break", c))
	if done || err != nil {
		return receipt, err
	}
	at, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	if err := at.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	balance, err := at.closable(tx, c.Date, false)
	if err != nil {
		return Receipt{}, err
	}
	place, to, err := d.payee(tx, c.Account, c.Date, c.Counter, c.To, at.account.Member, balance)
	if err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Break(c, at.basis, balance, place)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	e.Reactivates = reactivated(to)
	v := voucher{memo(c.Memo, "Pencairan sebelum jatuh tempo", c.Account), c.Document, c.Maker, c.Approver}
	return d.endTerm(tx, e, v, c.Approver, append([]*opened{at}, to...)...)
}

// payee returns the place that is credited with what time savings pay: the
// counter account, or another savings account of the same member with what is
// needed to change it.
func (d *Desk) payee(tx *ledger.Tx, account string, day ledger.Date, counter Place, to, member string, amount ledger.Money) (Place, []*opened, error) {
	if to == "" {
		return counter, nil, cash(tx, account, member, counter)
	}
	refuse := func(reason string) (Place, []*opened, error) {
		return Place{}, nil, &Refusal{Kind: ErrCommand, Code: "term.to", Account: account, Member: member, Reason: reason}
	}
	if counter != (Place{}) {
		return refuse("is paid to a counter account or to a savings account, not to both")
	}
	if to == account {
		return refuse("cannot be paid to itself")
	}
	receiver, err := d.loadAccount(tx, to)
	if err != nil {
		return Place{}, nil, err
	}
	if receiver.account.Member != member {
		return refuse(fmt.Sprintf("%s is another member's", clip(to)))
	}
	if err := receiver.loadTerms(tx, day); err != nil {
		return Place{}, nil, err
	}
	if receiver.account.Term != nil {
		return refuse(fmt.Sprintf("%s is for a term of its own: pay it there by a transfer", clip(to)))
	}
	if err := receiver.account.takes(day, amount, receiver.basis); err != nil {
		return Place{}, nil, in(tx, err)
	}
	return Place{Account: receiver.account.Control, Sub: to}, []*opened{receiver}, nil
}

// Collecting pays what waits since time savings matured.
type Collecting struct {
	Key     string
	Date    ledger.Date
	Account string // the matured one
	Counter Place  // where it is paid from
	To      string // or the same member's savings account that gets it

	Memo, Document, Maker, Approver string
}

// Collect pays matured time savings that waited to their holder, the whole
// amount: debit where they waited, credit the counter account or the holder's
// savings account. It refuses with [ErrTerm] if nothing waits.
func (d *Desk) Collect(ctx context.Context, c Collecting) (Receipt, error) {
	return update(ctx, d, c, d.CollectTx)
}

// CollectTx is Collect in the caller's transaction.
func (d *Desk) CollectTx(tx *ledger.Tx, c Collecting) (Receipt, error) {
	return atomic(tx, c, d.collect)
}

func (d *Desk) collect(tx *ledger.Tx, c Collecting) (Receipt, error) {
	receipt, done, err := repeat(tx, command(c.Key, "savings.collect", c))
	if done || err != nil {
		return receipt, err
	}
	at, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	var waiting ledger.Money
	if at.account.Term != nil && at.account.Term.Uncollected != (Place{}) {
		from := at.account.Term.Uncollected
		balance, err := tx.Balance(from.Account, from.Sub, ledger.Latest())
		if err != nil {
			return Receipt{}, err
		}
		waiting = ledger.CreditSide.Natural(balance)
	}
	place, to, err := d.payee(tx, c.Account, c.Date, c.Counter, c.To, at.account.Member, waiting)
	if err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Collect(c, at.basis.Member, waiting, place)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	e.Reactivates = reactivated(to)
	v := voucher{memo(c.Memo, "Pengambilan simpanan jatuh tempo", c.Account), c.Document, c.Maker, c.Approver}
	return carryOut(tx, e, v, append([]*opened{at}, to...)...)
}

// Collect decides the payment of what waits, on the member's side.
func (a Account) Collect(c Collecting, m Member, waiting ledger.Money, to Place) (Event, error) {
	if a.Term == nil || a.Term.Uncollected == (Place{}) || waiting.Sign() <= 0 {
		return Event{}, a.refuse(ErrTerm, "collect.nothing", "nothing waits to be collected")
	}
	if err := a.dated(c.Date, m); err != nil {
		return Event{}, err
	}
	if c.Date.Before(a.Closed) {
		return Event{}, a.refuseOn(ErrDate, "collect.before", c.Date, fmt.Sprintf("%s lies before the money began to wait on %s", c.Date, a.Closed))
	}
	term := *a.Term
	term.Uncollected = Place{}
	e := Event{Name: EventCollect, Date: c.Date, Account: a.ID, Party: m.Party(c.Date), Amount: waiting,
		From: a.Term.Uncollected, Counter: to, Term: &term}
	if c.To != "" {
		e.To = e.Party
	}
	return e, nil
}

// Instruct changes what is to become of time savings when they mature, and
// where and when their shares are paid. Nothing is posted.
func (d *Desk) Instruct(ctx context.Context, i Instruction) (Registered, error) {
	return update(ctx, d, i, d.InstructTx)
}

// InstructTx is Instruct in the caller's transaction.
func (d *Desk) InstructTx(tx *ledger.Tx, i Instruction) (Registered, error) {
	return d.alter(tx, i.Account, command(i.Key, "savings.instruct", i), func(at *opened) (Event, error) {
		e, err := at.account.Instruct(i, at.basis)
		if err == nil {
			err = payable(tx, e)
		}
		return e, err
	})
}

// certificate is the state of a certificate's record.
type certificate struct {
	Account string `json:"account"`
}

// saveCertificate keeps that a certificate's number is taken.
func saveCertificate(tx *ledger.Tx, a Account) error {
	if a.Term == nil {
		return nil
	}
	taken, version, err := load[certificate](tx, KindCertificate, a.Term.Certificate)
	if err != nil {
		return err
	}
	if version > 0 {
		return &Refusal{Kind: ErrExists, Code: "term.certificate_exists", Account: a.ID,
			Reason: fmt.Sprintf("certificate %s is account %s's", clip(a.Term.Certificate), clip(taken.Account))}
	}
	c := certificate{a.ID}
	return save(tx, KindCertificate, a.Term.Certificate, 0, "issue", c, c)
}
