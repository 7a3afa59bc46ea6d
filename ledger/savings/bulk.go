package savings

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// BulkDeposit pays in what somebody else collected from many members: an
// employer's payroll deductions, a collector's round. Each line is a command of
// its own, under its own key and with an entry of its own. It is no movement
// that the members made themselves.
type BulkDeposit struct {
	Date    ledger.Date
	Counter Place // who has or owes the money: a bank account, a receivable from the employer
	List    BulkList
	// Total, if not zero, is what the list says its lines come to.
	Total ledger.Money
	// SkipFaulty pays the sound lines in and leaves the faulty ones out. Without
	// it one faulty line stops them all.
	SkipFaulty bool

	Memo, Document, Maker, Approver string // of every entry; a line's own note takes the place of Memo
}

// BulkList is the lines of a bulk deposit, at least one and at most
// [MaxBulkLines], and what was found wrong with lines that could not be read.
type BulkList struct {
	Lines  []BulkLine
	Faults []BulkFault
}

// BulkLine pays one amount in. It names the savings account; or the member and
// the product, of which the member has one open account. What it names besides
// the account must agree with it.
type BulkLine struct {
	Line    int    // where it stands in its file, for messages; 0 for its place in the list, from 1
	Key     string // of its own, for ever: a second sending of the list pays nothing in twice
	Account string
	Member  string
	Product string       // the product's code, or "wajib" for the member's dues, whatever their product
	Amount  ledger.Money // above zero
	Note    string       // the entry's memo
}

// BulkFault says what is wrong with one line.
type BulkFault struct {
	Line int    // 0 for the list as a whole
	Key  string // empty if it could not be read
	Err  error
}

// Error returns one line: where, and what.
func (f BulkFault) Error() string {
	var where string
	if f.Line > 0 {
		where = fmt.Sprintf("line %d: ", f.Line)
	}
	if f.Key != "" {
		where += fmt.Sprintf("key %q: ", clip(f.Key))
	}
	var ours *Refusal
	var books *ledger.Refusal
	if errors.As(f.Err, &ours) || !errors.As(f.Err, &books) {
		return where + strings.TrimPrefix(f.Err.Error(), "savings: ")
	}
	bare := *books // the key is said, and lines of entries are no lines of the list
	bare.Key, bare.Line = "", 0
	return where + strings.TrimPrefix(bare.Error(), "ledger: ")
}

// Unwrap returns what the line was refused with.
func (f BulkFault) Unwrap() error { return f.Err }

// BulkError lists everything that is wrong with a bulk deposit, by line;
// nothing of it was paid in. It matches [ErrBulk] and what the lines were
// refused with.
type BulkError struct {
	Lines  int // how many the list has, the unreadable ones included
	Faults []BulkFault
}

// maxFaultsShown is how many faults a message has; Faults has them all.
const maxFaultsShown = 10

// Error returns one line with the first faults.
func (e *BulkError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "savings: bulk deposit of %d lines: nothing was paid in, %d faults", e.Lines, len(e.Faults))
	for i, f := range e.Faults {
		if i == maxFaultsShown {
			fmt.Fprintf(&b, "; and %d more", len(e.Faults)-i)
			break
		}
		b.WriteString("; " + f.Error())
	}
	return b.String()
}

// Unwrap returns [ErrBulk] and every fault.
func (e *BulkError) Unwrap() []error {
	all := make([]error, 1, len(e.Faults)+1)
	all[0] = ErrBulk
	for _, f := range e.Faults {
		all = append(all, f)
	}
	return all
}

// BulkReceipt is what a line that was paid in came to.
type BulkReceipt struct {
	Line    int
	Key     string
	Account string
	Amount  ledger.Money
	Receipt
}

// BulkResult is the result of a bulk deposit.
type BulkResult struct {
	Receipts []BulkReceipt // of the lines that are in the book, in their order
	Repeats  int           // how many of them had been paid in before
	Total    ledger.Money  // what they come to
	Faults   []BulkFault   // of the lines left out, by line
}

// DepositAll pays a whole list in with one call and one flush: for every line,
// debit the counter account, credit the savings or the dues (S3, S6, S8). All
// lines are judged, each after the sound ones before it, and all that is wrong
// is listed in a [*BulkError]; nothing is paid in then, unless SkipFaulty is
// set and only lines are wrong. Sent again, lines that were paid in before are repeats.
func (d *Desk) DepositAll(ctx context.Context, b BulkDeposit) (BulkResult, error) {
	return update(ctx, d, b, d.DepositAllTx)
}

// DepositAllTx is DepositAll in the caller's transaction.
func (d *Desk) DepositAllTx(tx *ledger.Tx, b BulkDeposit) (BulkResult, error) {
	return atomic(tx, b, d.depositAll)
}

func (d *Desk) depositAll(tx *ledger.Tx, b BulkDeposit) (BulkResult, error) {
	lines := len(b.List.Lines) + len(b.List.Faults)
	if err := b.judge(lines); err != nil {
		return BulkResult{}, &BulkError{lines, []BulkFault{{Err: err}}}
	}
	result := BulkResult{Receipts: make([]BulkReceipt, 0, len(b.List.Lines)), Faults: slices.Clone(b.List.Faults)}
	untrue := in(tx, b.untrue())
	if untrue != nil {
		result.Faults = append(result.Faults, BulkFault{Err: untrue})
	}
	named, err := namedIn(tx, b.List.Lines)
	if err != nil {
		return BulkResult{}, err
	}
	keys := make(map[string]int, len(b.List.Lines))
	for i, line := range b.List.Lines {
		if line.Line == 0 {
			line.Line = i + 1
		}
		var receipt BulkReceipt
		err := tx.Atomic(func() (err error) {
			receipt, err = d.depositLine(tx, b, line, keys, named)
			return err
		})
		switch {
		case err == nil:
			result.Receipts, result.Total = append(result.Receipts, receipt), result.Total.Add(receipt.Amount)
			if receipt.Repeat {
				result.Repeats++
			}
		case !isRefusal(err) && !errors.Is(err, ledger.ErrKeyConflict):
			return BulkResult{}, err
		default:
			result.Faults = append(result.Faults, BulkFault{line.Line, line.Key, in(tx, err)})
		}
	}
	slices.SortStableFunc(result.Faults, func(a, b BulkFault) int { return cmp.Compare(a.Line, b.Line) })
	if untrue != nil || len(result.Faults) > 0 && !b.SkipFaulty {
		return BulkResult{}, &BulkError{lines, result.Faults}
	}
	return result, nil
}

// judge says whether a list has as many lines as one may have.
func (b BulkDeposit) judge(lines int) error {
	switch {
	case lines == 0:
		return &Refusal{Kind: ErrCommand, Code: "bulk.empty", Reason: "the list has no lines"}
	case lines > MaxBulkLines:
		return &Refusal{Kind: ErrCommand, Code: "bulk.lines", Reason: fmt.Sprintf("the list has %d lines, at most %d", lines, MaxBulkLines)}
	}
	return nil
}

// untrue says that the lines do not come to what the list says. Lines that
// cannot be read leave that open.
func (b BulkDeposit) untrue() error {
	if b.Total.IsZero() || len(b.List.Faults) > 0 {
		return nil
	}
	var total ledger.Money
	for _, line := range b.List.Lines {
		if line.Amount.Err() != nil {
			return nil
		}
		total = total.Add(line.Amount)
	}
	if total == b.Total {
		return nil
	}
	return &Refusal{Kind: ErrBulk, Code: "bulk.total", Date: b.Date, Given: total, Limit: b.Total, Reason: "the lines do not come to the list's total"}
}

// depositLine carries out one line.
func (d *Desk) depositLine(tx *ledger.Tx, b BulkDeposit, line BulkLine, keys map[string]int, named map[string][]Account) (BulkReceipt, error) {
	if first, twice := keys[line.Key]; twice && line.Key != "" {
		return BulkReceipt{}, &Refusal{Kind: ErrCommand, Code: "bulk.key_twice", Reason: fmt.Sprintf("the key stands in line %d already", first)}
	}
	keys[line.Key] = line.Line
	result := BulkReceipt{Line: line.Line, Key: line.Key, Account: line.Account, Amount: line.Amount}
	content := ledger.NewContent("savings.bulk").Date(b.Date).Text(line.Account).Text(line.Member).Text(line.Product).Money(line.Amount).
		Text(b.Counter.Account).Text(b.Counter.Sub).Text(line.Note).Text(b.Memo).Text(b.Document).Text(b.Maker).Text(b.Approver)
	receipt, done, err := repeat(tx, ledger.Command{Key: line.Key, Kind: "savings.bulk", Content: content.Digest()})
	if err != nil {
		return BulkReceipt{}, err
	}
	if done {
		result.Receipt, result.Account = receipt, savingsSub(receipt.Posted, b.Counter)
		return result, nil
	}
	at, err := d.bulkAccount(tx, line, named)
	if err != nil {
		return BulkReceipt{}, err
	}
	if err := at.loadTerms(tx, b.Date); err != nil {
		return BulkReceipt{}, err
	}
	if err := cash(tx, at.account.ID, at.account.Member, b.Counter); err != nil {
		return BulkReceipt{}, err
	}
	e, err := at.account.Deposit(Deposit{Date: b.Date, Account: at.account.ID, Amount: line.Amount, Counter: b.Counter, Batch: true}, at.basis)
	if err != nil {
		return BulkReceipt{}, err
	}
	if err := d.guardShare(tx, b.Date, at, e.Amount); err != nil {
		return BulkReceipt{}, err
	}
	note := memo(cmp.Or(line.Note, b.Memo), "Setoran kolektif", at.account.ID)
	result.Account = at.account.ID
	result.Receipt, err = carryOut(tx, e, voucher{note, b.Document, b.Maker, b.Approver}, at)
	return result, err
}

// savingsSub returns the savings account that an entry of a list pays into.
func savingsSub(p ledger.Posted, counter Place) string {
	for _, line := range p.Lines {
		if line.Sub != "" && (line.Account != counter.Account || line.Sub != counter.Sub) {
			return line.Sub
		}
	}
	return ""
}

// bulkAccount finds the account that a line means.
func (d *Desk) bulkAccount(tx *ledger.Tx, line BulkLine, named map[string][]Account) (*opened, error) {
	refuse := func(kind error, code, reason string) (*opened, error) {
		return nil, &Refusal{Kind: kind, Code: code, Account: line.Account, Member: line.Member, Reason: reason}
	}
	if line.Account == "" {
		if line.Member == "" || line.Product == "" {
			return refuse(ErrCommand, "bulk.whose", "names neither an account nor a member and a product")
		}
		id, count, err := d.onlyAccount(tx, line, named[line.Member])
		switch {
		case err != nil:
			return nil, err
		case count == 0:
			return refuse(ErrUnknown, "bulk.no_account", fmt.Sprintf("has no open account of %s", clip(line.Product)))
		case count > 1:
			return refuse(ErrCommand, "bulk.which", fmt.Sprintf("has %d open accounts of %s: name one", count, clip(line.Product)))
		}
		return d.loadAccount(tx, id)
	}
	at, err := d.loadAccount(tx, line.Account)
	if err != nil {
		return nil, err
	}
	if line.Member != "" && line.Member != at.account.Member {
		return refuse(ErrCommand, "bulk.member", fmt.Sprintf("the account is member %s's", clip(at.account.Member)))
	}
	if line.Product == "" {
		return at, nil
	}
	meant, err := d.means(tx, line, at.account)
	if err == nil && !meant {
		return refuse(ErrCommand, "bulk.product", fmt.Sprintf("the account is one of %s, not of %s", clip(at.account.Product), clip(line.Product)))
	}
	return at, err
}

// onlyAccount returns an open account that a line's member has of its product,
// and how many there are.
func (d *Desk) onlyAccount(tx *ledger.Tx, line BulkLine, accounts []Account) (id string, count int, err error) {
	for _, a := range accounts {
		meant, err := d.means(tx, line, a)
		if err != nil {
			return "", 0, err
		}
		if meant && a.Status != Closed {
			id = a.ID
			count++
		}
	}
	if count == 0 {
		if _, found, err := MemberIn(tx, line.Member); err != nil {
			return "", 0, err
		} else if !found {
			return "", 0, unknownMember(line.Member)
		}
	}
	return id, count, nil
}

// namedIn returns the accounts of the members that lines name without an
// account. No deposit opens or closes one, and before the first deposit is
// staged a member's accounts are found fastest.
func namedIn(tx *ledger.Tx, lines []BulkLine) (map[string][]Account, error) {
	named := make(map[string][]Account)
	for _, line := range lines {
		if _, known := named[line.Member]; known || line.Account != "" || line.Member == "" {
			continue
		}
		list, err := AccountsOf(tx, line.Member)
		if err != nil {
			return nil, err
		}
		named[line.Member] = list
	}
	return named, nil
}

// means reports whether an account is of the product that a line names.
func (d *Desk) means(tx *ledger.Tx, line BulkLine, a Account) (bool, error) {
	if a.Product == line.Product || line.Product != string(Wajib) {
		return a.Product == line.Product, nil
	}
	p, _, err := d.product(tx, a.Product)
	return p.Akad == Wajib, err
}
