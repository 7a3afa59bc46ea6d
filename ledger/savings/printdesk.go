package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// PassbookResult is the result of beginning a passbook.
type PassbookResult struct {
	Passbook Passbook
	Posted   ledger.Posted // the fee's entry, zero without one
	Repeat   bool
}

// IssuePassbook begins the first printed passbook of an account. Nothing is
// posted. Errors match [ErrUnknown], [ErrExists], [ErrPassbook], [ErrState] or
// [ErrDate].
func (d *Desk) IssuePassbook(ctx context.Context, c PassbookIssue) (PassbookResult, error) {
	return update(ctx, d, c, d.IssuePassbookTx)
}

// IssuePassbookTx is IssuePassbook in the caller's transaction.
func (d *Desk) IssuePassbookTx(tx *ledger.Tx, c PassbookIssue) (PassbookResult, error) {
	return atomic(tx, c, d.issuePassbook)
}

func (d *Desk) issuePassbook(tx *ledger.Tx, c PassbookIssue) (PassbookResult, error) {
	first, repeated, err := tx.Repeat(command(c.Key, "savings.passbook.issue", c))
	if err != nil {
		return PassbookResult{}, err
	}
	if repeated {
		return passbookResult(tx, first)
	}
	at, p, version, err := d.loadPassbook(tx, c.Account)
	if err != nil {
		return PassbookResult{}, err
	}
	policy, err := d.policy(tx, c.Date)
	if err != nil {
		return PassbookResult{}, err
	}
	var stand passbookStand
	if c.Date.Valid() {
		if stand, err = p.stand(tx, at.account, ledger.LineCursor{}, c.Date); err != nil {
			return PassbookResult{}, err
		}
	}
	e, err := p.issue(c, at.account, at.basis.Member, policy, stand)
	if err != nil {
		return PassbookResult{}, in(tx, err)
	}
	if err := saveSerial(tx, c.Account, c.Serial); err != nil {
		return PassbookResult{}, err
	}
	p = p.Apply(e)
	return PassbookResult{Passbook: p}, save(tx, KindPassbook, c.Account, version, e.Name, e, p)
}

func (d *Desk) loadPassbook(tx *ledger.Tx, account string) (*opened, Passbook, int, error) {
	at, err := d.loadAccount(tx, account)
	if err != nil {
		return nil, Passbook{}, 0, err
	}
	p, version, err := load[Passbook](tx, KindPassbook, account)
	return at, p, version, err
}

// passbookResult is the first result of beginning a passbook.
func passbookResult(tx *ledger.Tx, first ledger.Command) (PassbookResult, error) {
	p, err := saved[Passbook](tx, first, KindPassbook)
	if err != nil {
		return PassbookResult{}, err
	}
	entry, err := posted(tx, first)
	return PassbookResult{p, entry, true}, err
}

// saveSerial keeps that a passbook's serial number is taken.
func saveSerial(tx *ledger.Tx, account, serial string) error {
	taken, version, err := load[certificate](tx, KindSerial, serial)
	if err != nil {
		return err
	}
	if version > 0 {
		return &Refusal{Kind: ErrExists, Code: "passbook.serial_exists", Account: account,
			Reason: fmt.Sprintf("passbook %s is account %s's", clip(serial), clip(taken.Account))}
	}
	c := certificate{account}
	return save(tx, KindSerial, serial, 0, "issue", c, c)
}

// PrintPassbook prints what is new on an account: the lines behind the last one
// printed, dated up to the day, each once and under the next number. The
// balance is brought forward to every page. Asked again under the same key it
// gives the same lines, whatever was posted since.
//
// If an entry is dated before the last line printed, so that the passbook and
// the ledger no longer agree, nothing is printed over it: the error matches
// [ErrMark] and holds a [*Mismatch]. Printing with Corrections or replacing the
// book mends that. Other errors match [ErrUnknown], [ErrPassbook] (nothing is
// new, the book is full or not the one in use), [ErrDate] or [ErrCommand].
func (d *Desk) PrintPassbook(ctx context.Context, c PassbookPrinting) (Printed, error) {
	return update(ctx, d, c, d.PrintPassbookTx)
}

// PrintPassbookTx is PrintPassbook in the caller's transaction.
func (d *Desk) PrintPassbookTx(tx *ledger.Tx, c PassbookPrinting) (Printed, error) {
	return atomic(tx, c, d.printPassbook)
}

func (d *Desk) printPassbook(tx *ledger.Tx, c PassbookPrinting) (Printed, error) {
	first, repeated, err := tx.Repeat(command(c.Key, "savings.passbook.print", c))
	if err != nil {
		return Printed{}, err
	}
	at, p, version, err := d.loadPassbook(tx, c.Account)
	if err != nil {
		return Printed{}, err
	}
	if repeated {
		return printedBefore(tx, first, at.account)
	}
	if err := p.prints(c, at.account); err != nil {
		return Printed{}, in(tx, err)
	}
	missed, err := p.missed(tx, at.account, p.Seen, 0)
	if err != nil {
		return Printed{}, err
	}
	fresh, err := p.fresh(tx, at.account, c.Date, p.room(c.most())+1)
	if err != nil {
		return Printed{}, err
	}
	head, err := tx.Head()
	if err != nil {
		return Printed{}, err
	}
	e, err := p.print(c, at.account, missed, fresh, head.Change)
	if err != nil {
		return Printed{}, in(tx, err)
	}
	next := p.Apply(e)
	result := Printed{Passbook: next, Member: at.account.Member, Currency: tx.Currency(), Pages: p.laidOut(missed, fresh[:e.Lines]), More: e.More}
	return result, save(tx, KindPassbook, c.Account, version, e.Name, e, next)
}

// printedBefore is the first result of a printing, read from the book again.
func printedBefore(tx *ledger.Tx, first ledger.Command, a Account) (Printed, error) {
	result := Printed{Member: a.Member, Currency: tx.Currency(), Repeat: true}
	var before Passbook
	for version, err := range tx.History(KindPassbook, a.ID) {
		if err != nil {
			return Printed{}, err
		}
		var state Passbook
		if err := decode(&version, version.State, &state); err != nil {
			return Printed{}, err
		}
		if version.Key != first.Key {
			before = state
			continue
		}
		var e PassbookEvent
		if err := decode(&version, version.Data, &e); err != nil {
			return Printed{}, err
		}
		result.Passbook, result.More = state, e.More
		result.Pages, err = before.reprinted(tx, a, e)
		return result, err
	}
	return Printed{}, fmt.Errorf("%w: command %q has printed no passbook", ledger.ErrCorrupt, clip(first.Key))
}

// ReplacePassbook begins a new book with its own serial in place of the one in
// use, which is lost, full or damaged: the balance behind the last line printed
// is brought forward, as the ledger has it, and the numbers go on. With Charge
// the product's passbook fee is posted in the same command (S5, S13). Errors
// match [ErrUnknown], [ErrExists], [ErrPassbook], [ErrState], [ErrDate] or
// [ErrCommand], or are those of [Desk.Charge].
func (d *Desk) ReplacePassbook(ctx context.Context, c PassbookReplacement) (PassbookResult, error) {
	return update(ctx, d, c, d.ReplacePassbookTx)
}

// ReplacePassbookTx is ReplacePassbook in the caller's transaction.
func (d *Desk) ReplacePassbookTx(tx *ledger.Tx, c PassbookReplacement) (PassbookResult, error) {
	return atomic(tx, c, d.replacePassbook)
}

func (d *Desk) replacePassbook(tx *ledger.Tx, c PassbookReplacement) (PassbookResult, error) {
	first, repeated, err := tx.Repeat(command(c.Key, "savings.passbook.replace", c))
	if err != nil {
		return PassbookResult{}, err
	}
	if repeated {
		return passbookResult(tx, first)
	}
	at, p, version, err := d.loadPassbook(tx, c.Account)
	if err != nil {
		return PassbookResult{}, err
	}
	policy, err := d.policy(tx, c.Date)
	if err != nil {
		return PassbookResult{}, err
	}
	if _, err := p.replace(c, at.account, at.basis.Member, policy, passbookStand{}); err != nil {
		return PassbookResult{}, in(tx, err)
	}
	var result PassbookResult
	if c.Charge { // its line may stand before the mark and belongs to the balance brought forward then
		receipt, err := d.chargeNow(tx, at, Charge{Date: c.Date, Account: c.Account, Fee: PassbookFee, Counter: c.Counter,
			Document: c.Document, Maker: c.Maker, Approver: c.Approver})
		if err != nil {
			return PassbookResult{}, err
		}
		result.Posted = receipt.Posted
	}
	var stand passbookStand
	if p.After.Cursor == (ledger.LineCursor{}) { // nothing was printed or brought forward yet
		head, err := tx.Head()
		if err != nil {
			return PassbookResult{}, err
		}
		stand.seen = head.Change
	} else if stand, err = p.stand(tx, at.account, p.After.Cursor, p.After.Cursor.Date); err != nil {
		return PassbookResult{}, err
	}
	e, err := p.replace(c, at.account, at.basis.Member, policy, stand)
	if err != nil {
		return PassbookResult{}, in(tx, err)
	}
	if err := saveSerial(tx, c.Account, c.Serial); err != nil {
		return PassbookResult{}, err
	}
	result.Passbook = p.Apply(e)
	return result, save(tx, KindPassbook, c.Account, version, e.Name, e, result.Passbook)
}
