package channelling

import (
	"errors"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// kind is how the contracts are kept in a book.
var kind = contract.Kind[Contract, Event]{
	Name: RecordKind, Format: 1,
	Heading: func(e Event) contract.Heading {
		return contract.Heading{Name: string(e.Name), Version: e.Version, Date: e.Date, Undoes: e.Undoes}
	},
	Apply:   Contract.Apply,
	Unknown: unknown, Unreadable: ErrFormat,
	Void: func(c Contract) bool { return c.State == Unagreed },
}

// ContractIn returns a contract as the book has it; false if there is none.
func ContractIn(tx *ledger.Tx, id string) (Contract, bool, error) { return kind.Find(tx, id) }

// HistoryIn returns all events of a contract, reversals included; none if there
// is no such contract.
func HistoryIn(tx *ledger.Tx, id string) ([]Event, error) {
	history, err := kind.History(tx, id)
	if errors.Is(err, ErrUnknown) {
		err = nil
	}
	return history.Events, err
}

// Contracts lists the contracts whose id sorts after the given one, by id: the
// register. Those whose agreement was reversed are left out.
func Contracts(tx *ledger.Tx, after string) iter.Seq2[Contract, error] { return kind.List(tx, after) }
