package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Tx is one consistent state of a book, inside [Book.Update] also the only way
// to write. It is good only until its closure returns, and only in the
// goroutine that runs it.
//
// Write when a list has been read, not while it runs: whether what is written
// meanwhile is listed depends on the list and the store, and a list that grows
// as it is read need not end.
type Tx struct {
	reader   Reader
	stage    *stage // nil inside View
	book     string
	currency Currency
	now      time.Time
	done     bool

	// current is the command that [Tx.Repeat] began; its Key is empty before.
	current  doing
	repeated bool // whether the last command was a repeat
	// single is the command of a write under a key of its own.
	single doing
}

// doing is a command that is being carried out.
type doing struct {
	Command
	wrote bool // whether it has written a change and so is staged
	at    int  // then its place among the staged commands
}

// Currency returns the book's currency.
func (tx *Tx) Currency() Currency { return tx.currency }

// Book returns the book's id.
func (tx *Tx) Book() string { return tx.book }

// Head returns where the book stands, this transaction's own writes included.
func (tx *Tx) Head() (Head, error) {
	if tx.done {
		return Head{}, ErrTxDone
	}
	if tx.stage != nil {
		return tx.stage.head, nil
	}
	return tx.reader.Head()
}

// Repeat begins a command: the first step of every method that writes under a
// caller's key, before it loads or decides anything. c holds the key, the
// kind, and the digest of what is asked for.
//
// If the key was never used, the writes that follow with an empty key or with
// the same key belong to this command, until the next Repeat or the end of the
// [Tx.Atomic] that it stands in. If the key was used with the same kind and
// content, repeated is true, first is the command as it was carried out then
// ([Tx.ChangesOf] has what it wrote), and nothing may be written again. If it
// was used otherwise, the error is a [*KeyConflictError].
func (tx *Tx) Repeat(c Command) (first Command, repeated bool, err error) {
	if err := tx.writable(); err != nil {
		return Command{}, false, err
	}
	if err := tx.checkKey(c.Key); err != nil {
		return Command{}, false, err
	}
	first, repeated, err = tx.lookUp(c)
	if err != nil || repeated {
		return first, repeated, err
	}
	tx.current = doing{Command: c}
	return Command{}, false, nil
}

// Atomic runs do as one step inside the transaction: if it returns an error or
// panics, everything it has written is taken back and what was written before
// stays; and the command that do begins with [Tx.Repeat] ends with it, so that
// what the caller writes afterwards is the caller's again. Methods that callers
// compose, such as a desk's, run inside Atomic.
func (tx *Tx) Atomic(do func() error) error {
	if err := tx.writable(); err != nil {
		return err
	}
	mark, current := tx.stage.here(), tx.current
	at, last := tx.stage.commandAt(current.Key), uint64(0)
	if at >= 0 {
		last = tx.stage.commands[at].Last
	}
	done := false
	defer func() {
		if !done {
			tx.stage.back(mark)
			if at >= 0 { // do may have written more under the key
				tx.stage.commands[at].Last = last
			}
		}
		tx.current = current
	}()
	err := do()
	done = err == nil
	return err
}

// Atomic runs do as one step of a transaction, like [Tx.Atomic], and returns
// its result.
func Atomic[R any](tx *Tx, do func() (R, error)) (R, error) {
	var result R
	err := tx.Atomic(func() (err error) {
		result, err = do()
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return result, nil
}

// ChangesOf returns the changes that a command wrote.
func (tx *Tx) ChangesOf(c Command) ([]Change, error) {
	var changes []Change
	for number := c.First; number > 0 && number <= c.Last; number++ {
		ch, found, err := tx.change(number)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("%w: command %q names change %d, which is missing", ErrCorrupt, clip(c.Key), number)
		}
		if ch.Key == c.Key {
			changes = append(changes, ch.clone())
		}
	}
	return changes, nil
}

func (tx *Tx) writable() error {
	switch {
	case tx.done:
		return ErrTxDone
	case tx.stage == nil:
		return ErrReadOnly
	}
	return tx.timed()
}

// The first and last second of the years 1 and 9999 of UTC, since 1970: what
// the instant of recording lies between.
const (
	firstInstant = -62135596800
	lastInstant  = 253402300799
)

// timed refuses an instant that not every store can keep and read again: a
// clock that far off is broken.
func (tx *Tx) timed() error {
	if at := tx.now.Unix(); at < firstInstant || at > lastInstant {
		return fmt.Errorf("%w: it shows the year %d", ErrClock, tx.now.Year())
	}
	return nil
}

func (tx *Tx) checkKey(key string) error {
	if key == "" {
		return tx.refuse(ErrKey, Refusal{Code: CodeKeyMissing, Detail: "every command needs a key"})
	}
	if why := NameFault(key, MaxKey); why != "" {
		return tx.refuse(ErrKey, Refusal{Code: CodeKeyInvalid, Key: key, Detail: "the key " + why})
	}
	return nil
}

// lookUp answers whether c repeats an earlier command.
func (tx *Tx) lookUp(c Command) (first Command, repeated bool, err error) {
	tx.repeated = false
	first, used, err := tx.stage.command(c.Key)
	if err != nil || !used {
		return Command{}, false, err
	}
	if first.Kind != c.Kind || first.Content != c.Content {
		return first, false, &KeyConflictError{Key: c.Key, First: first, Kind: c.Kind, SecondUsing: c.Content}
	}
	tx.repeated = true
	return first, true, nil
}

// Repeated reports whether the last command had been carried out before, so
// that its answer was the first result and nothing was written: the flag of
// every command, those without an entry included.
func (tx *Tx) Repeated() bool { return tx.repeated }

// own resolves the key of a write: a write without a key, or with the key of
// the current command, belongs to that; another key makes it a command of its
// own, which may be a repeat.
func (tx *Tx) own(c Command) (command *doing, first Command, repeated bool, err error) {
	if err := tx.writable(); err != nil {
		return nil, first, false, err
	}
	if tx.current.Key != "" && (c.Key == "" || c.Key == tx.current.Key) {
		tx.repeated = false
		return &tx.current, first, false, tx.resume()
	}
	if err := tx.checkKey(c.Key); err != nil {
		return nil, first, false, err
	}
	tx.single = doing{Command: c}
	first, repeated, err = tx.lookUp(c)
	return &tx.single, first, repeated, err
}

// resume finds what the current command has written inside a step of
// [Tx.Atomic] that is over.
func (tx *Tx) resume() error {
	c := &tx.current
	if c.wrote {
		return nil
	}
	at := tx.stage.commandAt(c.Key)
	if at < 0 {
		return nil
	}
	staged := tx.stage.commands[at]
	if staged.Kind != c.Kind || staged.Content != c.Content {
		return &KeyConflictError{Key: c.Key, First: staged, Kind: c.Kind, SecondUsing: c.Content}
	}
	c.Command, c.wrote, c.at = staged, true, at
	return nil
}

// link makes a change the last of the book.
func (tx *Tx) link(c *doing, ch *Change) {
	s := tx.stage
	ch.Number = s.head.Change + 1
	ch.Recorded = tx.now
	ch.Key, ch.Command, ch.CommandDigest = c.Key, c.Kind, c.Content
	s.scratch.buf = s.scratch.buf[:0]
	ch.Digest = s.scratch.link(tx.book, s.head.Digest, ch).Digest()
	s.head.Change, s.head.Digest = ch.Number, ch.Digest
}

// append stages a change: it gets the next number and its link in the chain.
func (tx *Tx) append(c *doing, ch Change) *Change {
	s := tx.stage
	tx.link(c, &ch)
	s.changes = append(s.changes, ch)
	s.indexChange(len(s.changes) - 1)

	if c.wrote {
		s.commands[c.at].Last = ch.Number
	} else {
		c.First, c.Last = ch.Number, ch.Number
		c.wrote, c.at = true, len(s.commands)
		s.commands = append(s.commands, c.Command)
		s.indexKey(c.at)
	}
	return &s.changes[len(s.changes)-1]
}

// document stages a change whose content is a JSON document and what follows
// from it.
func (tx *Tx) document(c *doing, kind ChangeKind, content any) error {
	doc, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("ledger: %s: %w", kind, err)
	}
	tx.stage.scratch.buf = tx.stage.scratch.buf[:0]
	digest := tx.stage.scratch.document(kind, doc).Digest()
	tx.append(c, Change{Kind: kind, Content: digest, Document: doc})
	if err := tx.stage.apply(content); err != nil {
		tx.stage.failed = err
		return err
	}
	return nil
}

// begin resolves the command of a write that is described by a document.
func (tx *Tx) begin(key string, kind ChangeKind, content any) (command *doing, repeated bool, err error) {
	if err := tx.writable(); err != nil {
		return nil, false, err
	}
	doc, err := json.Marshal(content)
	if err != nil {
		return nil, false, tx.unwritable(key, kind, err)
	}
	digest := NewContent(string(kind)).Bytes(doc).Digest()
	command, _, repeated, err = tx.own(Command{Key: key, Kind: string(kind), Content: digest})
	return command, repeated, err
}

// unwritable refuses what cannot be written because an amount, a day or a name
// in it is none. As ever the key comes first: it cannot be a repeat, so a used
// key is a conflict.
func (tx *Tx) unwritable(key string, kind ChangeKind, cause error) error {
	if _, _, _, err := tx.own(Command{Key: key, Kind: string(kind)}); err != nil {
		return err
	}
	r := Refusal{Key: key, Detail: fmt.Sprintf("%s: %s", kind, reason(errors.Unwrap(cause)))}
	switch {
	case kind == ChangeAccount:
		r.Code = CodeAccountInvalid
		return tx.refuse(ErrAccount, r)
	case errors.Is(cause, ErrDate):
		r.Code = CodeDateInvalid
		return tx.refuse(ErrDate, r)
	case errors.Is(cause, ErrMoney) && (kind == ChangeFloor || kind == ChangeSub):
		r.Code = CodeFloorInvalid
		return tx.refuse(ErrMoney, r)
	case errors.Is(cause, ErrMoney):
		r.Code = CodeAmountInvalid
		return tx.refuse(ErrMoney, r)
	}
	r.Code = CodeTextInvalid
	return tx.refuse(ErrEntry, r)
}

func (tx *Tx) change(number uint64) (Change, bool, error) {
	if tx.done {
		return Change{}, false, ErrTxDone
	}
	if tx.stage != nil {
		return tx.stage.change(number)
	}
	for ch, err := range tx.reader.Changes(number) {
		return ch, err == nil && ch.Number == number, err
	}
	return Change{}, false, nil
}

func (tx *Tx) account(code string) (Account, bool, error) {
	if tx.done {
		return Account{}, false, ErrTxDone
	}
	if tx.stage != nil {
		return tx.stage.account(code)
	}
	return tx.reader.Account(code)
}

// refuse completes a refusal with its sentinel and the book's currency.
func (tx *Tx) refuse(kind error, r Refusal) *Refusal {
	r.kind, r.currency = kind, tx.currency
	return &r
}
