package savings

import (
	"context"

	"github.com/mizan-coop/mizan/ledger"
)

// Desk carries out commands on a book. It keeps nothing but the products and
// policies it has read, and is safe for any number of goroutines.
//
// The methods named with Tx work inside the caller's Update. The others begin
// an Update of their own: called inside an Update of the same book, they wait
// for that to end, which waits for them, for ever.
//
// Every command has a key: repeated with the same content it answers with the
// first result and writes nothing, whatever has happened since; with other
// content the error matches [ledger.ErrKeyConflict]. After a method named
// with Tx the caller begins its own next command with [ledger.Tx.Repeat], or
// writes under a key of its own.
type Desk struct {
	book     *ledger.Book
	products recall[Product]
	policies recall[Policies]
}

// NewDesk returns the savings desk of a book.
func NewDesk(book *ledger.Book) *Desk { return &Desk{book: book} }

// Receipt is the result of a command that moves money.
type Receipt struct {
	Posted ledger.Posted
	Repeat bool // the command had been carried out before; this is its first result
}

// Registered is the result of an opening or redirection: the account as it
// then was.
type Registered struct {
	Account Account
	Repeat  bool
}

// Closure is the result of a closing.
type Closure struct {
	Account Account       // closed
	Paid    ledger.Money  // what the member received
	Fee     ledger.Money  // what the cooperative kept
	Posted  ledger.Posted // zero if the balance was zero
	Repeat  bool
}

// Deposit pays money in: debit the counter account, credit the account. A
// dormant account is reactivated by it, unless it is a batch's.
func (d *Desk) Deposit(ctx context.Context, c Deposit) (Receipt, error) {
	return update(ctx, d, c, d.DepositTx)
}

// DepositTx is Deposit in the caller's transaction.
func (d *Desk) DepositTx(tx *ledger.Tx, c Deposit) (Receipt, error) {
	return atomic(tx, c, d.deposit)
}

func (d *Desk) deposit(tx *ledger.Tx, c Deposit) (Receipt, error) {
	kind := "savings.deposit"
	if c.Batch { // a kind of its own: see ownMovement
		kind = "savings.deposit.batch"
	}
	content := ledger.NewContent(kind).Date(c.Date).Text(c.Account).Money(c.Amount).
		Text(c.Counter.Account).Text(c.Counter.Sub).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: c.Key, Kind: kind, Content: content.Digest()})
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
	if err := cash(tx, c.Account, at.account.Member, c.Counter); err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Deposit(c, at.basis)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	if err := d.guardShare(tx, c.Date, at, e.Amount); err != nil {
		return Receipt{}, err
	}
	return carryOut(tx, e, voucher{memo(c.Memo, "Setoran", c.Account), c.Document, c.Maker, c.Approver}, at)
}

// Withdraw pays money out: debit the account, credit the counter account. The
// error matches [ErrMinBalance] if on that day or any later one the balance
// would fall below zero, the minimum balance or what is held, and [ErrDormant]
// if the account is to be reactivated first.
func (d *Desk) Withdraw(ctx context.Context, c Withdrawal) (Receipt, error) {
	return update(ctx, d, c, d.WithdrawTx)
}

// WithdrawTx is Withdraw in the caller's transaction.
func (d *Desk) WithdrawTx(tx *ledger.Tx, c Withdrawal) (Receipt, error) {
	return atomic(tx, c, d.withdraw)
}

func (d *Desk) withdraw(tx *ledger.Tx, c Withdrawal) (Receipt, error) {
	content := ledger.NewContent("savings.withdraw").Date(c.Date).Text(c.Account).Money(c.Amount).
		Text(c.Counter.Account).Text(c.Counter.Sub).Text(c.Waiver).Bool(c.ForGoal).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: c.Key, Kind: "savings.withdraw", Content: content.Digest()})
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
	if err := cash(tx, c.Account, at.account.Member, c.Counter); err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Withdraw(c, at.basis)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	return carryOut(tx, e, voucher{memo(c.Memo, "Penarikan", c.Account), c.Document, c.Maker, c.Approver}, at)
}

// Transfer moves money from one savings account to another: debit the payer's,
// credit the receiver's. It is refused as a withdrawal or as a deposit would be.
// It reactivates the receiver's only between accounts of one member.
func (d *Desk) Transfer(ctx context.Context, c Transfer) (Receipt, error) {
	return update(ctx, d, c, d.TransferTx)
}

// TransferTx is Transfer in the caller's transaction.
func (d *Desk) TransferTx(tx *ledger.Tx, c Transfer) (Receipt, error) {
	return atomic(tx, c, d.transfer)
}

func (d *Desk) transfer(tx *ledger.Tx, c Transfer) (Receipt, error) {
	content := ledger.NewContent("savings.transfer").Date(c.Date).Text(c.From).Text(c.To).Money(c.Amount).
		Text(c.Waiver).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: c.Key, Kind: "savings.transfer", Content: content.Digest()})
	if done || err != nil {
		return receipt, err
	}
	from, err := d.loadAccount(tx, c.From)
	if err != nil {
		return Receipt{}, err
	}
	to, err := d.loadAccount(tx, c.To)
	if err != nil {
		return Receipt{}, err
	}
	if err := from.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	if err := to.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	e, err := from.account.Transfer(c, from.basis, to.account, to.basis)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	if err := d.guardShare(tx, c.Date, to, e.Amount); err != nil {
		return Receipt{}, err
	}
	return carryOut(tx, e, voucher{memo(c.Memo, "Pindah buku", c.From+" ke "+c.To), c.Document, c.Maker, c.Approver}, from, to)
}
