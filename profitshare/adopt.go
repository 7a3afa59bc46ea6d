package profitshare

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
)

// Adoption takes over what older books left of a plan: shares that are owed,
// what stands in the reserves, and losses that capital still carries. It posts
// nothing; the opening balances are in the book already, and it is refused
// unless it agrees with them.
type Adoption struct {
	Key   string
	Day   ledger.Date  // of the opening balances
	Month ledger.Month // the last month that the older books shared; at or before Day
	// Owed are the shares that are still to be paid: the balance of each payable
	// sub, one for each account.
	Owed         []AdoptedShare
	Equalisation ledger.Money // what stands in the PER
	Risk         ledger.Money // what stands in the IRR
	Carried      []Carried    // losses not restored yet, by account
	By           string       // who vouches for it; required
	Document     string       // required
}

// AdoptedShare is one share that older books left unpaid. Its tax is withheld
// when it is paid, like any other's.
type AdoptedShare struct {
	Account  string          `json:"account"`
	Member   string          `json:"member"`
	Standing ledger.Standing `json:"standing"`
	Gross    ledger.Money    `json:"gross"` // minor units, above zero
}

// Adopt takes over what older books left. The month gets a run that owes the
// shares, to be paid out like any other; it cannot be reversed or computed
// again. What does not agree with the opening balances is refused with
// [ledger.ErrAdoption], a list in disorder with [ErrRun]. There may be any number
// of accounts: long lists are kept in pages.
func (d *Desk) Adopt(ctx context.Context, a Adoption) (Run, error) {
	return update(ctx, d, a, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, a Adoption) (Run, error) {
	return atomic(tx, func() (Run, error) { return d.adopt(tx, a) })
}

func (d *Desk) adopt(tx *ledger.Tx, a Adoption) (Run, error) {
	content := d.content(EventAdopt, a.Month).Date(a.Day).Money(a.Equalisation).Money(a.Risk).Text(a.By).Text(a.Document).Int(int64(len(a.Owed)))
	for _, s := range a.Owed {
		content.Text(s.Account).Text(s.Member).Int(int64(s.Standing)).Money(s.Gross)
	}
	for _, c := range a.Carried {
		content.Text(c.Account).Money(c.Amount)
	}
	run, repeated, err := d.begin(tx, a.Key, EventAdopt, content, a.Month)
	if err != nil || repeated {
		return run, err
	}
	if err := d.plan.check(tx); err != nil {
		return Run{}, err
	}
	if err := run.adoptable(&a); err != nil {
		return Run{}, err
	}
	e := run.next(EventAdopt, a.Day)
	e.Figures = &Figures{Plan: d.plan, Accounts: len(a.Owed), Date: a.Day, Nothing: NoStakes, Equalisation: Reserve{Opening: a.Equalisation}, Risk: Reserve{Opening: a.Risk}}
	if len(a.Owed) <= adoptedInline {
		e.Adopted = a.Owed
	} else if e.AdoptedPages, err = savePages(tx, run.ID(), a.Owed); err != nil {
		return Run{}, err
	}
	claims := make([]ledger.Claim, 0, len(a.Owed)+2)
	for _, s := range a.Owed {
		e.Figures.Nothing = SharedOut
		e.Figures.Members = e.Figures.Members.Add(s.Gross)
		claims = append(claims, ledger.Claim{Account: d.plan.Payable, Sub: s.Account, Balance: s.Gross.Neg()})
	}
	e.Figures.Result = e.Figures.Members
	for _, reserve := range []struct {
		at     ReservePlace
		amount ledger.Money
	}{{d.plan.Equalisation, a.Equalisation}, {d.plan.Risk, a.Risk}} {
		if !reserve.at.IsZero() {
			claims = append(claims, ledger.Claim{Account: reserve.at.Account, Balance: reserve.amount.Neg()})
		}
	}
	run = run.Apply(e)
	record, err := run.record(e)
	if err != nil {
		return Run{}, err
	}
	if _, err := tx.Adopt(ledger.Adoption{Record: record, Day: a.Day, Claims: claims}); err != nil {
		return Run{}, err
	}
	return run, d.adoptLosses(tx, &a)
}

// adoptable refuses a list that is none.
func (r *Run) adoptable(a *Adoption) error {
	switch {
	case r.Status != "":
		return r.refuse("has begun already and cannot be taken over")
	case a.By == "" || a.Document == "":
		return r.refuse("what is taken over needs who vouches for it and where it is written")
	case !a.Day.Valid() || a.Day.Before(a.Month.First()):
		return r.refuse("the opening balances are of a day before the month")
	}
	before := ""
	for _, s := range a.Owed {
		switch {
		case s.Account <= before:
			return r.refuse("the shares taken over do not stand by account: " + clipText(s.Account))
		case s.Member == "":
			return r.refuse("a share taken over has no owner: " + clipText(s.Account))
		case s.Gross.Err() != nil || s.Gross.Sign() <= 0:
			return amountError(ErrRun, named("share taken over of account", s.Account), s.Gross, "not above zero")
		}
		before = s.Account
	}
	return nil
}

// adoptLosses keeps the losses that capital carries into the book.
func (d *Desk) adoptLosses(tx *ledger.Tx, a *Adoption) error {
	if len(a.Carried) == 0 {
		return nil
	}
	pool := Pool{Carried: a.Carried}
	if err := pool.checkCarried(); err != nil {
		return err
	}
	losses, err := LossesIn(tx, d.plan.Name)
	if err != nil {
		return err
	}
	loss := Loss{Version: losses.Version + 1, Month: a.Month, Date: a.Day, Reason: "taken over", By: a.By, Document: a.Document}
	for _, c := range pool.Carried {
		loss.Members = loss.Members.Add(c.Amount)
	}
	loss.Amount = loss.Members
	if len(pool.Carried) <= adoptedInline {
		loss.Adopted = pool.Carried
	} else if loss.AdoptedPages, err = savePages(tx, loss.pagesOf(d.plan.Name), pool.Carried); err != nil {
		return err
	}
	_, err = losses.save(tx, lossEvent{Bear: &loss, Date: a.Day})
	return err
}

// adopted reads the shares that a run took over; none for one of our own.
func (r *Run) adopted(tx *ledger.Tx) ([]share, error) {
	if !r.TakenOver {
		return nil, nil
	}
	events, _, err := historyOf(tx, r.ID())
	if err != nil {
		return nil, err
	}
	list := events[r.PostedAt-1].Adopted
	if pages := events[r.PostedAt-1].AdoptedPages; pages > 0 {
		if list, err = readPages[AdoptedShare](tx, r.ID(), pages); err != nil {
			return nil, err
		}
	}
	shares := make([]share, 0, len(list))
	for _, s := range list {
		shares = append(shares, share{s.Account, ledger.Party{Member: s.Member, Standing: s.Standing}, s.Gross})
	}
	return shares, nil
}
