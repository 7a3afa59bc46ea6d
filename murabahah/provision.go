package murabahah

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Provision sets the allowance of the month: what is held is brought to what
// is required, which an [Ageing] says.
type Provision struct {
	Key      string
	Date     ledger.Date
	Required ledger.Money // zero or more

	Memo, Document, Maker, Approver string // the [Voucher]
}

// Provided is what a provision has done.
type Provided struct {
	Held     ledger.Money  // before it
	Movement ledger.Money  // set up; below zero: released; zero posts nothing
	Posted   ledger.Posted // its entry
}

// Provide posts the movement of the allowance: expense to allowance if more is
// required than is held at the end of the day, allowance to its release, or to
// the expense if no account is named for that, if less is. A movement of zero
// writes nothing, and leaves its key free.
func (d *Desk) Provide(ctx context.Context, p Provision) (Provided, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Provided, error) { return d.ProvideTx(tx, p) })
}

// ProvideTx is Provide in the caller's transaction.
func (d *Desk) ProvideTx(tx *ledger.Tx, p Provision) (Provided, error) {
	return ledger.Atomic(tx, func() (Provided, error) { return d.provide(tx, p) })
}

const commandProvide EventName = "provide"

func (d *Desk) provide(tx *ledger.Tx, p Provision) (Provided, error) {
	content := about(commandProvide, "", p.Date).Money(p.Required).Text(p.Memo).Text(p.Document).Text(p.Maker).Text(p.Approver).Digest()
	first, repeated, err := tx.Repeat(ledger.Command{Key: p.Key, Kind: kindOf(commandProvide), Content: content})
	if err != nil {
		return Provided{}, err
	}
	if repeated {
		return providedBefore(tx, d.accounts, first)
	}
	if err := d.accounts.provides(tx, p); err != nil {
		return Provided{}, contract.In(tx, "", err)
	}
	balance, err := tx.Balance(d.accounts.Allowance, "", ledger.EndOf(p.Date))
	if err != nil {
		return Provided{}, err
	}
	done := Provided{Held: balance.Neg(), Movement: p.Required.Add(balance)}
	if done.Movement.IsZero() {
		return done, nil
	}
	done.Posted, err = tx.Post(ProvisionEntry(p, done.Movement, d.accounts))
	return done, err
}

// ProvisionEntry returns the entry of a movement of the allowance: set up if it
// is above zero, released if below. The caller sets the Key.
func ProvisionEntry(p Provision, movement ledger.Money, a Accounts) ledger.Entry {
	cost, memo := a.AllowanceCost, "Pembentukan penyisihan piutang murabahah"
	if movement.Sign() < 0 {
		memo = "Pemulihan penyisihan piutang murabahah"
		if a.AllowanceBack != "" {
			cost = a.AllowanceBack
		}
	}
	if p.Memo != "" {
		memo = p.Memo
	}
	return ledger.Entry{Date: p.Date, Memo: memo, Document: p.Document, Maker: p.Maker, Approver: p.Approver,
		Lines: []ledger.Line{ledger.Debit(cost, movement), ledger.Credit(a.Allowance, movement)}}
}

// provides checks a provision and the accounts that it needs.
func (a *Accounts) provides(tx *ledger.Tx, p Provision) error {
	if err := p.Date.Err(); err != nil {
		return refuse(ErrDate, "provide.date", "", "provide: %v", err)
	}
	if p.Required.Err() != nil || p.Required.Sign() < 0 {
		r := refuse(ErrAmount, "provide.amount", "", "a required allowance of %s is below zero", p.Required)
		r.Given = p.Required
		return r
	}
	for i := range roles {
		r := roles[i]
		code := r.code(a)
		if r.name != "allowance" && r.name != "allowance expense" && (r.name != "allowance release" || code == "") {
			continue
		}
		why, err := r.misfit(tx, code)
		if err != nil {
			return err
		}
		if why != "" {
			return refuse(ErrRole, "role.account", "", "account %q cannot be the %s: it %s", contract.Clip(code), r.name, why)
		}
	}
	return nil
}

// providedBefore returns what a provision did when it was first carried out.
func providedBefore(tx *ledger.Tx, a Accounts, first ledger.Command) (Provided, error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Provided{}, err
	}
	var done Provided
	for _, ch := range changes {
		if ch.Posted == nil {
			continue
		}
		if done.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
			return Provided{}, err
		}
		done.Posted.Repeat = true
		for _, line := range done.Posted.Lines {
			if line.Account == a.Allowance {
				done.Movement = line.Amount.Neg()
			}
		}
		before, err := tx.Balance(a.Allowance, "", ledger.EndOf(done.Posted.Date).AsOf(ch.Number-1))
		if err != nil {
			return Provided{}, err
		}
		done.Held = before.Neg()
	}
	return done, nil
}
