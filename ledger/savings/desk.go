package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Desk carries out commands on a book. It keeps no state of its own and is
// safe for any number of goroutines.
//
// Every command has a key: repeated with the same content it answers with the
// first result and writes nothing, whatever has happened since; with other
// content the error matches [ledger.ErrKeyConflict]. The methods named with Tx
// work inside the caller's Update. After them the caller begins its own next
// command with [ledger.Tx.Repeat], or writes under a key of its own.
type Desk struct{ book *ledger.Book }

// NewDesk returns the savings desk of a book.
func NewDesk(book *ledger.Book) *Desk { return &Desk{book} }

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

// Open opens an account and its sub, with zero as its hard and the product's
// minimum balance as its soft floor. Nothing is posted.
func (d *Desk) Open(ctx context.Context, o Opening) (Registered, error) {
	return update(ctx, d, o, d.OpenTx)
}

// OpenTx is Open in the caller's transaction.
func (d *Desk) OpenTx(tx *ledger.Tx, o Opening) (Registered, error) {
	return ledger.Atomic(tx, func() (Registered, error) { return open(tx, o, false) })
}

// Adopt takes over an account that ran before the book began. Its opening
// balance is posted by the caller's opening entry, before or after. The
// minimum opening does not bind it.
func (d *Desk) Adopt(ctx context.Context, o Opening) (Registered, error) {
	return update(ctx, d, o, d.AdoptTx)
}

// AdoptTx is Adopt in the caller's transaction.
func (d *Desk) AdoptTx(tx *ledger.Tx, o Opening) (Registered, error) {
	return ledger.Atomic(tx, func() (Registered, error) { return open(tx, o, true) })
}

func open(tx *ledger.Tx, o Opening, adopt bool) (Registered, error) {
	kind := "savings.open"
	if adopt {
		kind = "savings.adopt"
	}
	content := ledger.NewContent(kind).Date(o.Date).Text(o.Account).Text(o.Member).Text(o.Product).Text(o.PayTo)
	first, repeated, err := tx.Repeat(ledger.Command{Key: o.Key, Kind: kind, Content: content.Digest()})
	if err != nil {
		return Registered{}, err
	}
	if repeated {
		account, err := saved[Account](tx, first, KindAccount)
		return Registered{account, true}, err
	}
	account, version, err := load[Account](tx, KindAccount, o.Account)
	if err != nil {
		return Registered{}, err
	}
	product, member, err := loadTerms(tx, o.Account, o.Product, o.Member)
	if err != nil {
		return Registered{}, err
	}
	e, err := account.Open(o, product, member, adopt)
	if err != nil {
		return Registered{}, in(tx, err)
	}
	if err := payable(tx, e); err != nil {
		return Registered{}, err
	}
	err = tx.OpenSub(ledger.SubOpening{Account: e.Control, Sub: e.Account, Holder: e.Party.Member, Floor: floorOf(e.Minimum)})
	if err != nil {
		return Registered{}, err
	}
	account = account.Apply(e)
	return Registered{Account: account}, save(tx, KindAccount, account.ID, version, string(e.Name), e, account)
}

// payable says whether the account that is to get the profit share can.
func payable(tx *ledger.Tx, e Event) error {
	if e.PayTo == "" {
		return nil
	}
	to, err := loadAccount(tx, e.PayTo)
	if err != nil {
		return err
	}
	refuse := func(reason string) error {
		return &Refusal{Kind: ErrCommand, Code: "account.pay_to", Account: e.Account, Member: e.Party.Member, Reason: reason}
	}
	switch {
	case to.account.Member != e.Party.Member:
		return refuse(fmt.Sprintf("the profit share cannot go to %s, which is another member's", clip(e.PayTo)))
	case to.account.Status == Closed:
		return refuse(fmt.Sprintf("the profit share cannot go to %s, which is closed", clip(e.PayTo)))
	}
	return nil
}

// Redirect lets another account of the same member get an account's profit
// share. Nothing is posted.
func (d *Desk) Redirect(ctx context.Context, r Redirection) (Registered, error) {
	return update(ctx, d, r, d.RedirectTx)
}

// RedirectTx is Redirect in the caller's transaction.
func (d *Desk) RedirectTx(tx *ledger.Tx, r Redirection) (Registered, error) {
	return atomic(tx, r, redirect)
}

func redirect(tx *ledger.Tx, r Redirection) (Registered, error) {
	content := ledger.NewContent("savings.redirect").Date(r.Date).Text(r.Account).Text(r.PayTo)
	first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: "savings.redirect", Content: content.Digest()})
	if err != nil {
		return Registered{}, err
	}
	if repeated {
		account, err := saved[Account](tx, first, KindAccount)
		return Registered{account, true}, err
	}
	at, err := loadAccount(tx, r.Account)
	if err != nil {
		return Registered{}, err
	}
	e, err := at.account.Redirect(r, at.basis.Member)
	if err != nil {
		return Registered{}, in(tx, err)
	}
	if err := payable(tx, e); err != nil {
		return Registered{}, err
	}
	account := at.account.Apply(e)
	return Registered{Account: account}, save(tx, KindAccount, account.ID, at.version, string(e.Name), e, account)
}

// Deposit pays money in: debit the counter account, credit the account.
func (d *Desk) Deposit(ctx context.Context, c Deposit) (Receipt, error) {
	return update(ctx, d, c, d.DepositTx)
}

// DepositTx is Deposit in the caller's transaction.
func (d *Desk) DepositTx(tx *ledger.Tx, c Deposit) (Receipt, error) {
	return atomic(tx, c, deposit)
}

func deposit(tx *ledger.Tx, c Deposit) (Receipt, error) {
	content := ledger.NewContent("savings.deposit").Date(c.Date).Text(c.Account).Money(c.Amount).
		Text(c.Counter.Account).Text(c.Counter.Sub).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: c.Key, Kind: "savings.deposit", Content: content.Digest()})
	if done || err != nil {
		return receipt, err
	}
	at, err := loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	if at.account.Status == Opened {
		if err := at.loadTerms(tx, c.Date); err != nil {
			return Receipt{}, err
		}
	}
	if err := cash(tx, c.Account, c.Counter); err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Deposit(c, at.basis)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	entry := Journal(at.account, e)
	entry.Memo, entry.Document, entry.Maker, entry.Approver = memo(c.Memo, "Setoran", c.Account), c.Document, c.Maker, c.Approver
	return carryOut(tx, e, entry, at)
}

// Withdraw pays money out: debit the account, credit the counter account. The
// error matches [ErrMinBalance] if on that day or any later one the balance
// would fall below zero, the minimum balance or what is held.
func (d *Desk) Withdraw(ctx context.Context, c Withdrawal) (Receipt, error) {
	return update(ctx, d, c, d.WithdrawTx)
}

// WithdrawTx is Withdraw in the caller's transaction.
func (d *Desk) WithdrawTx(tx *ledger.Tx, c Withdrawal) (Receipt, error) {
	return atomic(tx, c, withdraw)
}

func withdraw(tx *ledger.Tx, c Withdrawal) (Receipt, error) {
	content := ledger.NewContent("savings.withdraw").Date(c.Date).Text(c.Account).Money(c.Amount).
		Text(c.Counter.Account).Text(c.Counter.Sub).Text(c.Waiver).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: c.Key, Kind: "savings.withdraw", Content: content.Digest()})
	if done || err != nil {
		return receipt, err
	}
	at, err := loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	if err := at.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	if err := cash(tx, c.Account, c.Counter); err != nil {
		return Receipt{}, err
	}
	e, err := at.account.Withdraw(c, at.basis)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	entry := Journal(at.account, e)
	entry.Memo, entry.Document, entry.Maker, entry.Approver = memo(c.Memo, "Penarikan", c.Account), c.Document, c.Maker, c.Approver
	return carryOut(tx, e, entry, at)
}

// Transfer moves money from one savings account to another: debit the payer's,
// credit the receiver's. It is refused as a withdrawal or as a deposit would be.
func (d *Desk) Transfer(ctx context.Context, c Transfer) (Receipt, error) {
	return update(ctx, d, c, d.TransferTx)
}

// TransferTx is Transfer in the caller's transaction.
func (d *Desk) TransferTx(tx *ledger.Tx, c Transfer) (Receipt, error) {
	return atomic(tx, c, transfer)
}

func transfer(tx *ledger.Tx, c Transfer) (Receipt, error) {
	content := ledger.NewContent("savings.transfer").Date(c.Date).Text(c.From).Text(c.To).Money(c.Amount).
		Text(c.Waiver).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: c.Key, Kind: "savings.transfer", Content: content.Digest()})
	if done || err != nil {
		return receipt, err
	}
	from, err := loadAccount(tx, c.From)
	if err != nil {
		return Receipt{}, err
	}
	to, err := loadAccount(tx, c.To)
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
	entry := Journal(from.account, e)
	entry.Memo, entry.Document, entry.Maker, entry.Approver = memo(c.Memo, "Pindah buku", c.From+" ke "+c.To), c.Document, c.Maker, c.Approver
	return carryOut(tx, e, entry, from, to)
}

// Close closes an account: debit it with its whole balance, credit the fee's
// account and the counter account. Its sub is blocked, so that nothing moves on
// it any more, whoever posts.
func (d *Desk) Close(ctx context.Context, c Closing) (Closure, error) {
	return update(ctx, d, c, d.CloseTx)
}

// CloseTx is Close in the caller's transaction.
func (d *Desk) CloseTx(tx *ledger.Tx, c Closing) (Closure, error) {
	return atomic(tx, c, closeAccount)
}

func closeAccount(tx *ledger.Tx, c Closing) (Closure, error) {
	content := ledger.NewContent("savings.close").Date(c.Date).Text(c.Account).Text(c.Counter.Account).Text(c.Counter.Sub).
		Money(c.Fee).Text(c.FeeAccount).Text(c.PayTo).Text(c.Memo).Text(c.Document).Text(c.Maker).Text(c.Approver)
	first, repeated, err := tx.Repeat(ledger.Command{Key: c.Key, Kind: "savings.close", Content: content.Digest()})
	if err != nil {
		return Closure{}, err
	}
	if repeated {
		return closure(tx, first)
	}
	at, err := loadAccount(tx, c.Account)
	if err != nil {
		return Closure{}, err
	}
	if err := at.loadTerms(tx, c.Date); err != nil {
		return Closure{}, err
	}
	if err := cash(tx, c.Account, c.Counter); err != nil {
		return Closure{}, err
	}
	balance, err := at.closable(tx, c.Date)
	if err != nil {
		return Closure{}, err
	}
	e, err := at.account.Close(c, at.basis, balance)
	if err != nil {
		return Closure{}, in(tx, err)
	}
	if c.PayTo != "" {
		if err := payable(tx, e); err != nil {
			return Closure{}, err
		}
	}
	entry := Journal(at.account, e)
	entry.Memo, entry.Document, entry.Maker, entry.Approver = memo(c.Memo, "Penutupan", c.Account), c.Document, c.Maker, c.Approver
	result := Closure{Account: at.account.Apply(e), Paid: e.Amount.Sub(e.Fee), Fee: e.Fee}
	if result.Posted, err = post(tx, e, entry); err != nil {
		return Closure{}, err
	}
	block := ledger.BlockSetting{Account: at.account.Control, Sub: c.Account, Block: ledger.FullBlock, Reason: "account closed", By: c.Approver}
	if err := tx.SetBlock(block); err != nil {
		return Closure{}, err
	}
	return result, keep(tx, e, at)
}

// closure is the first result of a closing.
func closure(tx *ledger.Tx, first ledger.Command) (Closure, error) {
	account, err := saved[Account](tx, first, KindAccount)
	if err != nil {
		return Closure{}, err
	}
	result := Closure{Account: account, Repeat: true}
	if result.Posted, err = posted(tx, first); err != nil {
		return Closure{}, err
	}
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Closure{}, err
	}
	for _, ch := range changes {
		if ch.Record == nil {
			continue
		}
		var e Event
		if err := decode(ch.Record, ch.Record.Data, &e); err != nil {
			return Closure{}, err
		}
		result.Paid, result.Fee = e.Amount.Sub(e.Fee), e.Fee
	}
	return result, nil
}
