package ledger

import (
	"encoding/json"
	"fmt"
)

// The writes that move no money and guard no sub: accounts, periods, records
// and assertions.

// AddAccount adds an account to the chart, which may have [MaxChartAccounts]. A
// code is never used twice.
func (tx *Tx) AddAccount(key string, a Account) error {
	command, repeated, err := tx.begin(key, ChangeAccount, a)
	if err != nil || repeated {
		return err
	}
	if err := a.Validate(); err != nil || a.Retired {
		detail := "a new account cannot be retired"
		if err != nil {
			detail = a.faultText()
		}
		return tx.refuse(ErrAccount, Refusal{Code: CodeAccountInvalid, Key: key, Account: a.Code, Detail: detail})
	}
	if _, exists, err := tx.account(a.Code); err != nil || exists {
		if err == nil {
			return tx.refuse(ErrAccount, Refusal{Code: CodeAccountExists, Key: key, Account: a.Code, Detail: "is in the chart already; codes are never used twice"})
		}
		return err
	}
	n, err := tx.stage.accountCount()
	switch {
	case err != nil:
		return err
	case n >= MaxChartAccounts:
		return tx.refuse(ErrAccount, Refusal{Code: CodeAccountInvalid, Key: key, Account: a.Code, Detail: fmt.Sprintf("the chart has %d accounts already", n)})
	}
	return tx.document(command, ChangeAccount, a)
}

// Retire retires an account: it takes no more lines. Its balance, and that of
// every sub, must be zero, and no hold may be open on it.
func (tx *Tx) Retire(r Retirement) error {
	command, repeated, err := tx.begin(r.Key, ChangeRetire, r)
	if err != nil || repeated {
		return err
	}
	account, err := tx.usable(r.Key, r.Account)
	if err != nil {
		return err
	}
	if err := tx.reasonFault(r.Key, r.Reason, r.By); err != nil {
		return err
	}
	for sub, err := range tx.Subs(r.Account, "") {
		if err != nil {
			return err
		}
		if !sub.Last.IsZero() {
			return tx.refuse(ErrAccount, Refusal{Code: CodeAccountNotZero, Key: r.Key, Account: r.Account, Sub: sub.Sub, Balance: sub.Last,
				Detail: "still has a balance of " + tx.currency.Format(account.Normal.Natural(sub.Last))})
		}
		open, err := tx.Holds(r.Account, sub.Sub)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			return tx.refuse(ErrHold, Refusal{Code: CodeHeld, Key: r.Key, Account: r.Account, Sub: sub.Sub, Amount: open[0].Left,
				Detail: fmt.Sprintf("still has the hold %q", clip(open[0].Key))})
		}
	}
	return tx.document(command, ChangeRetire, r)
}

// Close closes every day on or before c.Through. Closing never moves back:
// that is what [Tx.Reopen] is for.
func (tx *Tx) Close(c PeriodClosing) error {
	command, repeated, err := tx.begin(c.Key, ChangeClosing, c)
	if err != nil || repeated {
		return err
	}
	head := &tx.stage.head
	refuse := func(kind error, code Code, detail string) error {
		return tx.refuse(kind, Refusal{Code: code, Key: c.Key, Date: c.Through, Detail: detail})
	}
	switch {
	case !c.Through.Valid():
		return refuse(ErrDate, CodeDateInvalid, reason(c.Through.Err()))
	case !c.Through.After(head.Closed):
		return refuse(ErrClosing, CodeClosingInvalid, fmt.Sprintf("days through %s are closed already", head.Closed))
	case c.Soft && !c.Through.After(head.SoftClosed):
		return refuse(ErrClosing, CodeClosingInvalid, fmt.Sprintf("days through %s are softly closed already", head.SoftClosed))
	}
	if err := tx.textsFault(c.Key, c.Reason, c.By); err != nil {
		return err
	}
	return tx.document(command, ChangeClosing, c)
}

// Reopen opens closed days again: a recorded act, with who and why.
func (tx *Tx) Reopen(r PeriodReopening) error {
	command, repeated, err := tx.begin(r.Key, ChangeReopening, r)
	if err != nil || repeated {
		return err
	}
	head := &tx.stage.head
	refuse := func(kind error, code Code, detail string) error {
		return tx.refuse(kind, Refusal{Code: code, Key: r.Key, Date: r.Through, Detail: detail})
	}
	switch {
	case !r.Through.IsZero() && !r.Through.Valid() || !r.SoftThrough.IsZero() && !r.SoftThrough.Valid():
		return refuse(ErrDate, CodeDateInvalid, "no such day to reopen to")
	case r.Through.After(head.Closed) || r.SoftThrough.After(head.SoftClosed) ||
		r.Through == head.Closed && r.SoftThrough == head.SoftClosed:
		return refuse(ErrClosing, CodeClosingInvalid, fmt.Sprintf("closed through %s, softly through %s: nothing to reopen there", head.Closed, head.SoftClosed))
	case r.SoftThrough.Before(r.Through):
		return refuse(ErrClosing, CodeClosingInvalid, "the softly closed days cannot end before the closed ones")
	case r.By == "":
		return refuse(ErrEntry, CodeReasonMissing, "a reopening needs who authorised it")
	}
	if err := tx.reasonFault(r.Key, r.Reason, r.By); err != nil {
		return err
	}
	return tx.document(command, ChangeReopening, r)
}

// Save appends a version to a record. r.Version must be the last version plus
// one (1 for a new record), else the error matches [ErrStale] and the caller
// loads and decides again.
func (tx *Tx) Save(r Record) (Record, error) {
	content := NewContent("save").record(&r).Digest()
	command, first, repeated, err := tx.own(Command{Key: r.Key, Kind: "save", Content: content})
	if err != nil {
		return Record{}, err
	}
	if repeated {
		return tx.recordBy(first)
	}
	return tx.save(command, &r)
}

// save appends a version under a command that is no repeat.
func (tx *Tx) save(command *doing, r *Record) (Record, error) {
	if refusal := tx.recordFault(r); refusal != nil {
		return Record{}, refusal
	}
	last, _, err := tx.Record(r.Kind, r.ID)
	if err != nil {
		return Record{}, err
	}
	if r.Version != last.Version+1 {
		return Record{}, tx.refuse(ErrStale, Refusal{Code: CodeRecordStale, Key: r.Key,
			Detail: fmt.Sprintf("%s %s stands at version %d: the next is %d, not %d", plain(r.Kind), plain(r.ID), last.Version, last.Version+1, r.Version)})
	}
	kept := r.clone()
	kept.Key, kept.Change, kept.Recorded = command.Key, tx.stage.head.Change+1, tx.now
	tx.stage.scratch.buf = tx.stage.scratch.buf[:0]
	digest := tx.stage.scratch.record(&kept).Digest()
	tx.append(command, Change{Kind: ChangeRecord, Content: digest, Record: &kept})
	return kept.clone(), nil
}

func (tx *Tx) recordBy(c Command) (Record, error) {
	changes, err := tx.ChangesOf(c)
	if err != nil {
		return Record{}, err
	}
	for _, ch := range changes {
		if ch.Record != nil {
			return ch.Record.clone(), nil
		}
	}
	return Record{}, fmt.Errorf("%w: command %q has no record", ErrCorrupt, clip(c.Key))
}

func (tx *Tx) recordFault(r *Record) *Refusal {
	refuse := func(detail string) *Refusal {
		return tx.refuse(ErrRecord, Refusal{Code: CodeRecordInvalid, Key: r.Key, Detail: detail})
	}
	names := [...]struct{ what, text string }{{"kind", r.Kind}, {"id", r.ID}, {"event", r.Event}}
	for _, n := range names {
		if n.text == "" {
			return refuse("a record needs its " + n.what)
		}
		if why := NameFault(n.text, MaxSub); why != "" {
			return refuse("the record's " + n.what + " " + why)
		}
	}
	if len(r.Data) > MaxData || len(r.State) > MaxData {
		return refuse(fmt.Sprintf("record %s %s: a document of more than %d bytes", r.Kind, r.ID, MaxData))
	}
	if len(r.Data) > 0 && !json.Valid(r.Data) || !json.Valid(r.State) {
		return refuse(fmt.Sprintf("record %s %s: data or state is not JSON", r.Kind, r.ID))
	}
	return nil
}

// Assert records that an account or sub had a balance at the end of a day, as
// a count or statement shows it, or is refused with [ErrAssertion] if the book
// says otherwise.
func (tx *Tx) Assert(a Assertion) error {
	command, repeated, err := tx.begin(a.Key, ChangeAssertion, a)
	if err != nil || repeated {
		return err
	}
	if !a.Date.Valid() {
		return tx.refuse(ErrDate, Refusal{Code: CodeDateInvalid, Key: a.Key, Account: a.Account, Sub: a.Sub, Detail: reason(a.Date.Err())})
	}
	if err := tx.textsFault(a.Key, a.Document, a.By); err != nil {
		return err
	}
	if why := NameFault(a.Sub, MaxSub); why != "" {
		return tx.refuse(ErrSub, Refusal{Code: CodeSubInvalid, Key: a.Key, Account: a.Account, Sub: a.Sub, Detail: "the sub key " + why})
	}
	balance, err := tx.Balance(a.Account, a.Sub, EndOf(a.Date))
	if err != nil {
		return err
	}
	if balance != a.Balance {
		return tx.refuse(ErrAssertion, Refusal{Code: CodeAssertionFailed, Key: a.Key, Account: a.Account, Sub: a.Sub, Date: a.Date,
			Amount: a.Balance, Limit: a.Balance, Balance: balance,
			Detail: fmt.Sprintf("the balance on %s is %s, asserted as %s", a.Date, tx.currency.Format(balance), tx.currency.Format(a.Balance))})
	}
	return tx.document(command, ChangeAssertion, a)
}
