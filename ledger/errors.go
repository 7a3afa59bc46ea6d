package ledger

import (
	"errors"
	"fmt"
	"strings"
)

// Sentinels name the kind of an error; errors.Is finds them. Refusals of the
// book carry their data in a [*Refusal], which errors.As finds.
var (
	// ErrMoney marks text or numbers that are not an amount.
	ErrMoney = errors.New("ledger: not an amount")
	// ErrDate marks text or numbers that are not a day.
	ErrDate = errors.New("ledger: not a date")
	// ErrAllocate marks a split that cannot be made.
	ErrAllocate = errors.New("ledger: cannot allocate")

	// ErrKey: the command's key is missing or not usable.
	ErrKey = errors.New("ledger: key")
	// ErrKeyConflict: the key was used by a command with other content.
	ErrKeyConflict = errors.New("ledger: key used with other content")
	// ErrPeriodClosed: the date lies in a closed period.
	ErrPeriodClosed = errors.New("ledger: period closed")
	// ErrAccount: the account is unknown, retired or a header, or the chart refuses it.
	ErrAccount = errors.New("ledger: account")
	// ErrSub: a sub key is missing, not allowed or not usable.
	ErrSub = errors.New("ledger: sub")
	// ErrBlocked: a block stops the line.
	ErrBlocked = errors.New("ledger: blocked")
	// ErrEntry: the entry's or command's own form is wrong.
	ErrEntry = errors.New("ledger: entry")
	// ErrSource: the entry comes from a contract's event that its command has not saved.
	ErrSource = errors.New("ledger: source")
	// ErrUnbalanced: the lines do not sum to zero.
	ErrUnbalanced = errors.New("ledger: unbalanced")
	// ErrFloor: an end of day would fall below the floor and what is held.
	ErrFloor = errors.New("ledger: below floor")
	// ErrHold: the hold is unknown, over, or larger than what is there.
	ErrHold = errors.New("ledger: hold")
	// ErrReversal: the entry cannot be reversed.
	ErrReversal = errors.New("ledger: reversal")
	// ErrRecord: the record's form is wrong.
	ErrRecord = errors.New("ledger: record")
	// ErrStale: the record has moved on; load it again.
	ErrStale = errors.New("ledger: stale record")
	// ErrAssertion: the book's balance is not the asserted one.
	ErrAssertion = errors.New("ledger: assertion")
	// ErrAdoption: a contract that is taken over does not agree with the book.
	ErrAdoption = errors.New("ledger: adoption")
	// ErrClosing: the closing or reopening makes no sense where the book stands.
	ErrClosing = errors.New("ledger: closing")

	// ErrNoBook: the store has no book of that id.
	ErrNoBook = errors.New("ledger: no such book")
	// ErrBookExists: the store has a book of that id already.
	ErrBookExists = errors.New("ledger: book exists")
	// ErrClock: the clock shows an instant outside the years 1 to 9999.
	ErrClock = errors.New("ledger: the clock is wrong")
	// ErrReadOnly: a write inside View.
	ErrReadOnly = errors.New("ledger: read only")
	// ErrTxDone: a Tx was used after its closure returned.
	ErrTxDone = errors.New("ledger: transaction is over")
	// ErrConflict: another writer moved the book meanwhile; nothing was written.
	ErrConflict = errors.New("ledger: lost race for the book")
	// ErrCommitUnknown: the store does not know whether it has kept a write.
	// Ask again with the same keys: what was kept is found by them.
	ErrCommitUnknown = errors.New("ledger: whether the write was kept is unknown")
	// ErrCorrupt: the store's rows contradict each other; run Check.
	ErrCorrupt = errors.New("ledger: corrupt book")
)

// Code is the stable name of one refusal, for programs and translations.
type Code string

// The codes, in the order in which an entry is checked. doc.go has the table.
const (
	CodeKeyMissing        Code = "key_missing"
	CodeKeyInvalid        Code = "key_invalid"
	CodeKeyConflict       Code = "key_conflict"
	CodeDateInvalid       Code = "date_invalid"
	CodePeriodClosed      Code = "period_closed"
	CodePeriodSoftClosed  Code = "period_soft_closed"
	CodeAccountUnknown    Code = "account_unknown"
	CodeAccountHeader     Code = "account_header"
	CodeAccountRetired    Code = "account_retired"
	CodeSubMissing        Code = "sub_missing"
	CodeSubNotAllowed     Code = "sub_not_allowed"
	CodeSubInvalid        Code = "sub_invalid"
	CodeBlocked           Code = "blocked"
	CodeTooFewLines       Code = "too_few_lines"
	CodeTooManyLines      Code = "too_many_lines"
	CodePhaseInvalid      Code = "phase_invalid"
	CodeTextInvalid       Code = "text_invalid"
	CodeSourceNotSaved    Code = "source_not_saved"
	CodeAmountInvalid     Code = "amount_invalid"
	CodeAmountZero        Code = "amount_zero"
	CodePartyInvalid      Code = "party_invalid"
	CodeActivityInvalid   Code = "activity_invalid"
	CodeUnbalanced        Code = "unbalanced"
	CodeMemorandumMixed   Code = "memorandum_unbalanced"
	CodeBalanceOverflow   Code = "balance_overflow"
	CodeBelowFloor        Code = "below_floor"
	CodeHeld              Code = "held"
	CodeAccountExists     Code = "account_exists"
	CodeAccountInvalid    Code = "account_invalid"
	CodeAccountNotZero    Code = "account_not_zero"
	CodeSubExists         Code = "sub_exists"
	CodeFloorInvalid      Code = "floor_invalid"
	CodeHoldInvalid       Code = "hold_invalid"
	CodeHoldUnknown       Code = "hold_unknown"
	CodeHoldTooLarge      Code = "hold_too_large"
	CodeEntryUnknown      Code = "entry_unknown"
	CodeReversalOfReverse Code = "reversal_of_reversal"
	CodeReversedAlready   Code = "reversed_already"
	CodeReversalOfSource  Code = "reversal_of_contract"
	CodeReasonMissing     Code = "reason_missing"
	CodeRecordInvalid     Code = "record_invalid"
	CodeRecordStale       Code = "record_stale"
	CodeAssertionFailed   Code = "assertion_failed"
	CodeAdoptionFailed    Code = "adoption_failed"
	CodeClosingInvalid    Code = "closing_invalid"
)

// Refusal says why the book refused a command: which rule, which line, which
// account, which amount and which limit. It matches its sentinel through
// errors.Is, so errors.Is(err, ErrFloor) and errors.As(err, &refusal) both work.
// A refused command has changed nothing.
type Refusal struct {
	Code    Code
	Key     string // the command's key
	Line    int    // the line's place in the entry, from 1; 0 for none
	Account string
	Sub     string
	Date    Date
	Amount  Money  // what was asked for
	Limit   Money  // the floor, what is held, or the asserted balance
	Balance Money  // what is or would be there
	Detail  string // the rest of the message

	kind     error
	currency Currency
}

// Is reports whether target is the refusal's sentinel.
func (r *Refusal) Is(target error) bool { return target == r.kind }

// Unwrap returns the sentinel.
func (r *Refusal) Unwrap() error { return r.kind }

// Error says what was refused, where and why, in one line.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("ledger: ")
	if r.Key != "" {
		fmt.Fprintf(&b, "%q: ", clip(r.Key))
	}
	if r.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", r.Line)
	}
	if r.Account != "" {
		b.WriteString("account " + place(r.Account, r.Sub) + ": ")
	}
	b.WriteString(r.Detail)
	return b.String()
}

// place names an account and sub in messages.
func place(account, sub string) string {
	if sub == "" {
		return plain(account)
	}
	return plain(account) + "/" + plain(sub)
}

// KeyConflictError says that a key was used before with other content. It
// matches [ErrKeyConflict].
type KeyConflictError struct {
	Key         string
	First       Command // what used the key first
	Kind        string  // what uses it now
	SecondUsing Digest  // the digest of what uses it now
}

// Error names the key and both contents, in one line.
func (e *KeyConflictError) Error() string {
	return fmt.Sprintf("ledger: key %q was used by %s with content %s (change %d), now by %s with content %s",
		clip(e.Key), e.First.Kind, short(e.First.Content), e.First.First, e.Kind, short(e.SecondUsing))
}

// Is reports whether target is [ErrKeyConflict].
func (e *KeyConflictError) Is(target error) bool { return target == ErrKeyConflict }

// reason is an error as part of a refusal's message: in one line and without
// the package's name.
func reason(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "ledger: ")
	}
	return strings.Join(lines, "; ")
}

func short(d Digest) string { return d.String()[:12] }
