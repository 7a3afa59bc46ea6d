package ledgertest

import (
	"encoding/json"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Operation is one thing that is asked of a book. Ask is one of
// [ledger.Entry], [Imported], [ledger.Reversal], [Capture],
// [ledger.SubOpening], [ledger.FloorSetting], [ledger.BlockSetting],
// [ledger.Hold], [ledger.Release], [ledger.PeriodClosing],
// [ledger.PeriodReopening], [Addition], [ledger.Retirement], [ledger.Record],
// [Event] and [ledger.Assertion].
type Operation struct{ Ask any }

// Imported is an entry that is taken over with [ledger.Tx.Import].
type Imported ledger.Entry

// Capture is what [ledger.Tx.Capture] takes; the entry has no key of its own.
type Capture struct {
	Release ledger.Release
	Entry   ledger.Entry
}

// Event is a contract's event: under the key of what it posts it also saves the
// version of the record that this names as its source.
type Event struct {
	Posts any // a [ledger.Entry] or [ledger.Reversal] with a Source
}

// source returns what the event posts in the name of.
func (e Event) source() ledger.Source {
	if r, mirrors := e.Posts.(ledger.Reversal); mirrors {
		return r.Source
	}
	return e.Posts.(ledger.Entry).Source
}

// record is the version that the event saves.
func (e Event) record() ledger.Record {
	s := e.source()
	return ledger.Record{Key: Operation{e.Posts}.Key(), Kind: s.Kind, ID: s.ID, Version: s.Version, Event: s.Event, Format: 1, State: json.RawMessage(`{}`)}
}

func (e Event) apply(tx *ledger.Tx) (Answer, error) {
	posts := Operation{e.Posts}
	command := ledger.Command{Key: posts.Key(), Kind: "event", Content: ledger.NewContent("event").Text(posts.String()).Digest()}
	return ledger.Atomic(tx, func() (Answer, error) {
		first, repeated, err := tx.Repeat(command)
		if err != nil {
			return Answer{}, err
		}
		if repeated {
			changes, err := tx.ChangesOf(first)
			if err != nil {
				return Answer{}, err
			}
			return Answer{Entry: changes[0].Entry, Change: changes[0].Number}, nil
		}
		answer, err := posts.apply(tx)
		if err == nil {
			_, err = tx.Save(e.record())
		}
		return answer, err
	})
}

// Addition is what [ledger.Tx.AddAccount] takes.
type Addition struct {
	Key     string
	Account ledger.Account
}

// Key returns the key of the operation's command.
func (op Operation) Key() string {
	switch ask := op.Ask.(type) {
	case ledger.Entry:
		return ask.Key
	case Imported:
		return ask.Key
	case ledger.Reversal:
		return ask.Key
	case Capture:
		return ask.Release.Key
	case ledger.SubOpening:
		return ask.Key
	case ledger.FloorSetting:
		return ask.Key
	case ledger.BlockSetting:
		return ask.Key
	case ledger.Hold:
		return ask.Key
	case ledger.Release:
		return ask.Key
	case ledger.PeriodClosing:
		return ask.Key
	case ledger.PeriodReopening:
		return ask.Key
	case Addition:
		return ask.Key
	case ledger.Retirement:
		return ask.Key
	case ledger.Record:
		return ask.Key
	case Event:
		return Operation{ask.Posts}.Key()
	case ledger.Assertion:
		return ask.Key
	}
	panic(fmt.Sprintf("ledgertest: an operation that asks for %T", op.Ask))
}

// String shows the operation for a failure's message.
func (op Operation) String() string { return fmt.Sprintf("%T%+v", op.Ask, op.Ask) }

// Apply asks the operation of a transaction. A refusal becomes part of the
// answer, with its code; any other error is returned.
func (op Operation) Apply(tx *ledger.Tx) (Answer, error) {
	answer, err := op.apply(tx)
	if err == nil {
		answer.Repeat = tx.Repeated()
		return answer, nil
	}
	code, known := CodeOf(err)
	if !known {
		return Answer{}, fmt.Errorf("code %q and its sentinel: %w", code, err)
	}
	return Answer{Code: code, Line: lineOf(err)}, nil
}

func (op Operation) apply(tx *ledger.Tx) (Answer, error) {
	switch ask := op.Ask.(type) {
	case ledger.Entry:
		return posted(tx.Post(ask))
	case Imported:
		return posted(tx.Import(ledger.Entry(ask)))
	case ledger.Reversal:
		return posted(tx.Reverse(ask))
	case Capture:
		return posted(tx.Capture(ask.Release, ask.Entry))
	case ledger.SubOpening:
		return Answer{}, tx.OpenSub(ask)
	case ledger.FloorSetting:
		return Answer{}, tx.SetFloor(ask)
	case ledger.BlockSetting:
		return Answer{}, tx.SetBlock(ask)
	case ledger.Hold:
		held, err := tx.Hold(ask)
		return Answer{Left: held.Left}, err
	case ledger.Release:
		held, err := tx.Release(ask)
		return Answer{Left: held.Left}, err
	case ledger.PeriodClosing:
		return Answer{}, tx.Close(ask)
	case ledger.PeriodReopening:
		return Answer{}, tx.Reopen(ask)
	case Addition:
		return Answer{}, tx.AddAccount(ask.Key, ask.Account)
	case ledger.Retirement:
		return Answer{}, tx.Retire(ask)
	case ledger.Record:
		saved, err := tx.Save(ask)
		return Answer{Version: saved.Version, Change: saved.Change}, err
	case Event:
		return ask.apply(tx)
	case ledger.Assertion:
		return Answer{}, tx.Assert(ask)
	}
	panic(fmt.Sprintf("ledgertest: an operation that asks for %T", op.Ask))
}

func posted(p ledger.Posted, err error) (Answer, error) {
	return Answer{Repeat: p.Repeat, Entry: p.Number, Change: p.Change}, err
}
