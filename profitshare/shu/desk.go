package shu

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Desk carries out the members' meeting's decisions on a book. It keeps no
// state of its own and is safe for any number of goroutines.
//
// Every command has a key: repeated with the same content it answers with the
// first result and writes nothing; with other content the error matches
// [ledger.ErrKeyConflict]. A refused command has changed nothing. The methods
// named with Tx work inside the caller's Update.
//
// The other methods begin an Update of their own: called inside an Update of
// the same book they wait for that to end, which waits for them.
type Desk struct {
	book     *ledger.Book
	accounts Accounts
}

// NewDesk returns the SHU desk of a book.
func NewDesk(book *ledger.Book, accounts Accounts) *Desk { return &Desk{book, accounts} }

// Result is what a command has done.
type Result struct {
	Year   Year          // after the event
	Event  Event         // with every amount that was decided
	Posted ledger.Posted // the event's entry, which has each member's line; zero for an adoption
	Repeat bool          // the command had been carried out before; this is its first result
}

// Decide divides a year's result: see [Year.Decide]. What the book has undivided
// on the day, and ever since, must be the plan's result to the rupiah.
func (d *Desk) Decide(ctx context.Context, m Decision) (Result, error) {
	return update(ctx, d, m, d.DecideTx)
}

// DecideTx is Decide in the caller's transaction.
func (d *Desk) DecideTx(tx *ledger.Tx, m Decision) (Result, error) {
	return d.carryOut(tx, EventDecide, m.Slip, m.content, func(y Year) (Event, []Owed, error) {
		e, proposal, err := y.Decide(m)
		if err == nil {
			err = d.fitPlan(tx, m.Plan)
		}
		if err == nil {
			err = d.undivided(tx, m.Year, m.Date, m.Plan.Total())
		}
		if err != nil {
			return Event{}, nil, err
		}
		return e, proposal.Owing(), nil
	})
}

// Adopt takes unpaid shares of an earlier year over: see [Year.Adopt]. What
// stands on the subs of the year must add up to what is stated.
func (d *Desk) Adopt(ctx context.Context, a Adoption) (Result, error) {
	return update(ctx, d, a, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, a Adoption) (Result, error) {
	return d.carryOut(tx, EventAdopt, a.Slip, contentOf(EventAdopt, a), func(y Year) (Event, []Owed, error) {
		e, err := y.Adopt(a)
		if err != nil {
			return Event{}, nil, err
		}
		var sum ledger.Money
		for o, err := range unpaid(tx, a.Owing, a.Year) {
			if err != nil {
				return Event{}, nil, err
			}
			sum = sum.Add(o.Amount)
		}
		if sum != a.Unpaid {
			return Event{}, nil, refuse(ErrResult, "adopt.opening", yearName(a.Year), "%s is stated as unpaid, the book has %s on the year's subs", a.Unpaid, sum).Comparing(a.Unpaid, sum)
		}
		return e, nil, nil
	})
}

// Pay pays members their shares: see [Year.Pay]. A payee without an amount is
// paid all that is unpaid of the year; more than that is refused. Whose account
// is blocked is left out and counted in the event's Left: the share stays owed,
// and one blocked account does not stop the others.
func (d *Desk) Pay(ctx context.Context, p Payment) (Result, error) {
	return update(ctx, d, p, d.PayTx)
}

// PayTx is Pay in the caller's transaction.
func (d *Desk) PayTx(tx *ledger.Tx, p Payment) (Result, error) {
	return d.carryOut(tx, EventPay, p.Slip, contentOf(EventPay, p), func(y Year) (Event, []Owed, error) {
		owed, left, err := d.payees(tx, y, p)
		if err != nil {
			return Event{}, nil, err
		}
		e, err := y.Pay(p.Slip, owed)
		e.Left = left
		return e, owed, err
	})
}

// payees spreads each payment over the accounts on which the member is owed,
// and counts those who are left out.
func (d *Desk) payees(tx *ledger.Tx, y Year, p Payment) (owed []Owed, blocked int, err error) {
	known := make(map[string]bool, len(p.Payees))
	for _, payee := range p.Payees {
		if known[payee.Member] {
			return nil, 0, refuse(ErrCommand, "pay.twice", "member "+payee.Member, "is to be paid twice")
		}
		known[payee.Member] = true
		if err := d.place(tx, y, EventPay, payee.Place); err != nil {
			return nil, 0, err
		}
		if sub, _, err := tx.Sub(payee.Place.Account, payee.Place.Sub); err != nil {
			return nil, 0, err
		} else if sub.Block == ledger.CreditBlock || sub.Block == ledger.FullBlock {
			blocked++
			continue
		}
		left := payee.Amount
		if left.Err() != nil || left.Sign() < 0 {
			return nil, 0, refuse(ErrAmount, "pay.amount", "member "+payee.Member, "an amount of %s is not zero or above", left)
		}
		var all ledger.Money
		for _, account := range y.Owing {
			balance, err := tx.Balance(account, Sub(payee.Member, y.Year), ledger.Latest())
			if err != nil {
				return nil, 0, err
			}
			due := balance.Neg()
			all = all.Add(due)
			if !payee.Amount.IsZero() {
				due = due.Min(left)
				left = left.Sub(due)
			}
			if due.Sign() > 0 {
				owed = append(owed, Owed{Account: account, Member: payee.Member, Amount: due, Place: payee.Place})
			}
		}
		if left.Sign() > 0 || all.Sign() <= 0 {
			return nil, 0, refuse(ErrAmount, "pay.unpaid", "member "+payee.Member, "%s is unpaid of %d, %s is to be paid", all, y.Year, payee.Amount).Comparing(payee.Amount, all)
		}
	}
	return owed, blocked, nil
}

// Spend uses a fund: see [Year.Spend].
func (d *Desk) Spend(ctx context.Context, s Spending) (Result, error) {
	return update(ctx, d, s, d.SpendTx)
}

// SpendTx is Spend in the caller's transaction.
func (d *Desk) SpendTx(tx *ledger.Tx, s Spending) (Result, error) {
	return d.carryOut(tx, EventSpend, s.Slip, contentOf(EventSpend, s), func(y Year) (Event, []Owed, error) {
		account, err := y.fund(s.Fund)
		if err != nil {
			e, err := y.Spend(s, ledger.Money{})
			return e, nil, err // its state comes first
		}
		available, err := d.credit(tx, account, s.Date)
		if err != nil {
			return Event{}, nil, err
		}
		e, err := y.Spend(s, available)
		if err == nil {
			err = d.place(tx, y, EventSpend, s.Place)
		}
		return e, nil, err
	})
}

// Cover covers a deficit from reserves: see [Year.Cover]. The deficit is the
// book's; no reserve gives more than it has.
func (d *Desk) Cover(ctx context.Context, c Covering) (Result, error) {
	return update(ctx, d, c, d.CoverTx)
}

// CoverTx is Cover in the caller's transaction.
func (d *Desk) CoverTx(tx *ledger.Tx, c Covering) (Result, error) {
	return d.carryOut(tx, EventCover, c.Slip, contentOf(EventCover, c), func(y Year) (Event, []Owed, error) {
		var credit ledger.Money
		if c.Date.Valid() {
			var err error
			if credit, err = d.credit(tx, d.accounts.Undivided, c.Date); err != nil {
				return Event{}, nil, err
			}
		}
		e, err := y.Cover(c, credit.Neg())
		if err == nil {
			err = fit(tx, "undivided SHU", d.accounts.Undivided, false, ledger.Equity)
		}
		for _, leg := range c.Reserves {
			if err == nil {
				err = fit(tx, "reserve", leg.Account, false, ledger.Equity)
			}
			if err == nil {
				var has ledger.Money
				if has, err = d.credit(tx, leg.Account, c.Date); err == nil {
					err = y.positive(EventCover, "in reserve "+contract.Clip(leg.Account), leg.Amount, has)
				}
			}
		}
		return e, nil, err
	})
}

// credit returns the least of an account's credit balance on a day and later.
func (d *Desk) credit(tx *ledger.Tx, account string, day ledger.Date) (ledger.Money, error) {
	then, err := tx.Balance(account, "", ledger.EndOf(day))
	if err != nil {
		return ledger.Money{}, err
	}
	now, err := tx.Balance(account, "", ledger.Latest())
	return then.Neg().Min(now.Neg()), err
}

// undivided says whether the book has just the result that is to be divided.
func (d *Desk) undivided(tx *ledger.Tx, year int, day ledger.Date, result ledger.Money) error {
	for _, at := range []ledger.Moment{ledger.EndOf(day), ledger.Latest()} {
		balance, err := tx.Balance(d.accounts.Undivided, "", at)
		if err != nil {
			return err
		}
		if balance.Neg() != result {
			return refuse(ErrResult, "decide.result", yearName(year), "the plan divides %s, the book has %s undivided", result, balance.Neg()).By(RuleSHU).Comparing(result, balance.Neg())
		}
	}
	return nil
}

// fitPlan says whether the accounts of a plan can play their roles.
func (d *Desk) fitPlan(tx *ledger.Tx, p Plan) error {
	if err := fit(tx, "undivided SHU", d.accounts.Undivided, false, ledger.Equity); err != nil {
		return err
	}
	for _, item := range slices.Concat(p.MemberKey, p.OtherKey) {
		var err error
		switch {
		case item.Account == d.accounts.Undivided:
			err = refuse(ErrRole, "role.account", "", "account %q cannot be %s: it is the undivided SHU", contract.Clip(item.Account), contract.Clip(item.Name))
		case item.forMembers():
			err = fit(tx, item.Name, item.Account, true, ledger.Liability)
		case item.Use == Reserve:
			err = fit(tx, item.Name, item.Account, false, ledger.Equity)
		default:
			err = fit(tx, item.Name, item.Account, false, ledger.Liability, ledger.Zakat, ledger.Benevolent)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func fit(tx *ledger.Tx, role, code string, control bool, kinds ...ledger.Kind) error {
	account, found, err := tx.Account(code)
	if err != nil {
		return err
	}
	why := ""
	switch {
	case !found:
		why = "is not in the chart"
	case !slices.Contains(kinds, account.Kind):
		why = fmt.Sprintf("is of kind %s, want %s", account.Kind, kinds[0])
	case account.Normal != ledger.CreditSide:
		why = "stands on the debit side"
	case control && !account.Control:
		why = "has no subs, want one for each member"
	case !control && account.Control:
		why = "is a control account"
	default:
		return nil
	}
	return refuse(ErrRole, "role.account", "", "account %q cannot be %s: it %s", contract.Clip(code), contract.Clip(role), why)
}

// place says whether money can go through an account: not income or expense,
// and not what members are owed on.
func (d *Desk) place(tx *ledger.Tx, y Year, name EventName, p ledger.Place) error {
	if p.Account == "" {
		return nil // the year's own rules ask for it
	}
	account, _, err := tx.Account(p.Account) // the book refuses an unknown one
	if err != nil {
		return err
	}
	if account.Kind == ledger.Income || account.Kind == ledger.Expense || p.Account == d.accounts.Undivided || slices.Contains(y.Owing, p.Account) {
		return refuse(ErrRole, string(name)+".place", yearName(y.Year), "%s: it cannot go through account %q", name, contract.Clip(p.Account))
	}
	return nil
}

// contentOf digests a command: everything that was asked for, its key apart.
func contentOf(name EventName, command any) func() (ledger.Digest, error) {
	return func() (ledger.Digest, error) {
		asked, err := kind.Content(string(name), command)
		return asked, plain(err)
	}
}

// plain takes a refusal out of what the JSON package wraps it in.
func plain(err error) error {
	var r *Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		return r
	}
	return fmt.Errorf("%w: %w", ErrCommand, err)
}

func (m Decision) content() (ledger.Digest, error) {
	plan, err := json.Marshal(m.Plan)
	if err != nil {
		return ledger.Digest{}, plain(err)
	}
	slip, err := json.Marshal(m.Slip)
	if err != nil {
		return ledger.Digest{}, plain(err)
	}
	c := ledger.NewContent(kind.Command(string(EventDecide))).Bytes(slip).Bytes(plan).Uint(uint64(len(m.Members)))
	for _, member := range m.Members {
		c.Text(member.Member).Uint(uint64(len(member.Figures)))
		for _, figure := range member.Figures {
			c.Int(figure)
		}
	}
	return c.Digest(), nil
}

// kept is what the book keeps of a command; [Result] says it in the package's
// words.
type kept = contract.Result[Year, Event]

func resultOf(k kept) Result { return Result{k.Contract, k.Event, k.Posted, k.Repeat} }

func request(name EventName, s Slip, content ledger.Digest) contract.Request {
	return contract.Request{
		Command: string(name), Key: s.Key, Contract: strconv.Itoa(s.Year), Content: content,
		Begins: slices.Contains(allowedIn(name), Undecided),
	}
}

// carryOut does what every command has in common: is the key known? load,
// decide, apply, journal, post, save.
func (d *Desk) carryOut(tx *ledger.Tx, name EventName, s Slip, content func() (ledger.Digest, error), decide func(Year) (Event, []Owed, error)) (Result, error) {
	asked, err := content()
	if err != nil { // what cannot be written down is refused by the year's own rules
		err = kind.Ruled(tx, strconv.Itoa(s.Year), func(y Year) (Event, error) {
			e, _, err := decide(y)
			return e, err
		}, err)
		return Result{}, contract.In(tx, "", err)
	}
	done, err := kind.Carry(tx, request(name, s, asked), func(before Year) (kept, error) {
		e, owed, err := decide(before)
		if err != nil {
			return kept{}, contract.In(tx, "", err)
		}
		return d.write(tx, before, e, owed, tx.Post)
	})
	return resultOf(done), err
}

// write posts an event's entry and saves the year after it. Every event has an
// entry but an adoption, and what undoes one: members' lines are not in the
// event, so that its journal alone cannot say whether there is one.
func (d *Desk) write(tx *ledger.Tx, before Year, e Event, owed []Owed, post contract.Post) (kept, error) {
	after, err := before.Apply(e)
	if err != nil {
		return kept{}, contract.In(tx, "", err)
	}
	done := kept{Contract: after, Event: e}
	if e.what() != EventAdopt {
		if done.Posted, err = post(Journal(e, after.Year, owed, d.accounts)); err != nil {
			return kept{}, err
		}
	}
	return done, kind.Save(tx, strconv.Itoa(after.Year), e, after)
}

// update runs a command in an Update of its own.
func update[C any](ctx context.Context, d *Desk, command C, do func(*ledger.Tx, C) (Result, error)) (Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Result, error) { return do(tx, command) })
}
