package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Conversion moves the whole balance of an account to a new account under
// another akad, which is a new contract: the old account is closed.
type Conversion struct {
	Key     string
	Date    ledger.Date
	Account string
	To      string // the new account's id
	Product string // of the new account, under another akad
	// Document is the new akad in writing, required.
	Document        string
	Memo            string
	Maker, Approver string
}

// Conversion's result.
type Converted struct {
	From, To Account
	Posted   ledger.Posted
	Repeat   bool
}

// Convert turns an account into one under another akad (S12): debit the old
// account, credit the new one, which is opened for it; the old one is closed
// and blocked. The balance is at least the new product's minimum opening.
// Errors are those of [Desk.Open], [Desk.Close] and [Desk.Deposit].
func (d *Desk) Convert(ctx context.Context, c Conversion) (Converted, error) {
	return update(ctx, d, c, d.ConvertTx)
}

// ConvertTx is Convert in the caller's transaction.
func (d *Desk) ConvertTx(tx *ledger.Tx, c Conversion) (Converted, error) {
	return atomic(tx, c, d.convert)
}

func (d *Desk) convert(tx *ledger.Tx, c Conversion) (Converted, error) {
	first, repeated, err := tx.Repeat(command(c.Key, "savings.convert", c))
	if err != nil {
		return Converted{}, err
	}
	if repeated {
		return converted(tx, first, c)
	}
	from, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Converted{}, err
	}
	if err := from.loadTerms(tx, c.Date); err != nil {
		return Converted{}, err
	}
	balance, err := from.closable(tx, c.Date, false)
	if err != nil {
		return Converted{}, err
	}
	to, err := d.openFor(tx, c, from)
	if err != nil {
		return Converted{}, err
	}
	e, err := from.account.Convert(c, from.basis, balance, to.account, to.basis)
	if err != nil {
		return Converted{}, in(tx, err)
	}
	receipt, err := carryOut(tx, e, voucher{memo(c.Memo, "Perubahan akad", c.Account+" ke "+c.To), c.Document, c.Maker, c.Approver}, from, to)
	if err != nil {
		return Converted{}, err
	}
	return Converted{From: from.account.Apply(e), To: to.account.Apply(e), Posted: receipt.Posted}, blockClosed(tx, from.account, c.Approver)
}

// openFor opens the new account of a conversion under the same command.
func (d *Desk) openFor(tx *ledger.Tx, c Conversion, from *opened) (*opened, error) {
	existing, version, err := load[Account](tx, KindAccount, c.To)
	if err != nil {
		return nil, err
	}
	o := Opening{Key: c.Key, Date: c.Date, Account: c.To, Member: from.account.Member, Product: c.Product}
	product, member, err := d.loadOffer(tx, o)
	if err != nil {
		return nil, err
	}
	e, err := existing.Open(o, product, member, false)
	if err != nil {
		return nil, in(tx, err)
	}
	err = tx.OpenSub(ledger.SubOpening{Account: e.Control, Sub: e.Account, Holder: e.Party.Member, Floor: floorOf(e.Minimum)})
	if err != nil {
		return nil, err
	}
	account := existing.Apply(e)
	if err := save(tx, KindAccount, account.ID, version, string(e.Name), e, account); err != nil {
		return nil, err
	}
	if err := saveHolding(tx, account); err != nil {
		return nil, err
	}
	terms, _ := product.On(c.Date)
	return &opened{desk: d, account: account, version: version + 1, basis: Basis{Member: member, Akad: product.Akad, Terms: terms}}, nil
}

// Convert decides a conversion of an account with a balance, on the member's side.
func (a Account) Convert(c Conversion, b Basis, balance ledger.Money, to Account, toBasis Basis) (Event, error) {
	if err := a.gives(c.Date, balance, b); err != nil {
		return Event{}, err
	}
	if err := a.awake(c.Date); err != nil {
		return Event{}, err
	}
	if err := a.bound(c.Date, b); err != nil {
		return Event{}, err
	}
	if err := to.takes(c.Date, balance, toBasis); err != nil {
		return Event{}, err
	}
	switch {
	case b.Akad == toBasis.Akad:
		return Event{}, a.refuse(ErrCommand, "convert.akad", fmt.Sprintf("both products rest on %s: that is a transfer", b.Akad))
	case b.Akad.Capital() || toBasis.Akad.Capital():
		return Event{}, a.refuse(ErrCommand, "convert.capital", fmt.Sprintf("%s savings cannot become %s savings", b.Akad, toBasis.Akad))
	case c.Document == "":
		return Event{}, a.refuse(ErrCommand, "convert.document", "a conversion is a new akad and needs it in writing")
	}
	return Event{Name: EventConvert, Date: c.Date, Account: a.ID, Party: b.Member.Party(c.Date), Amount: balance,
		Counter: Place{Account: to.Control, Sub: to.ID}, To: toBasis.Member.Party(c.Date), Waiver: "account converted"}, nil
}

// converted is the first result of a conversion.
func converted(tx *ledger.Tx, first ledger.Command, c Conversion) (Converted, error) {
	result := Converted{Repeat: true}
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Converted{}, err
	}
	for _, ch := range changes {
		if ch.Record == nil || ch.Record.Kind != KindAccount {
			continue
		}
		into := &result.From
		if ch.Record.ID == c.To {
			into = &result.To
		}
		if err := decode(ch.Record, ch.Record.State, into); err != nil {
			return Converted{}, err
		}
	}
	result.Posted, err = posted(tx, first)
	return result, err
}
