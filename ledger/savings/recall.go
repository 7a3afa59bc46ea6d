package savings

import (
	"bytes"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// recall remembers states of one kind by what their records say: reading one
// again costs a comparison instead of its decoding. It holds nothing that the
// book does not, so whichever transaction reads it gets its own state.
type recall[T any] struct {
	mu   sync.Mutex
	read map[string]remembered[T]
}

type remembered[T any] struct {
	stored []byte
	state  T
}

// load returns a record's latest state; false if there is none. What it
// returns is shared and must not be modified.
func (m *recall[T]) load(tx *ledger.Tx, kind, id string) (state T, found bool, err error) {
	r, found, err := tx.Record(kind, id)
	if err != nil || !found {
		return state, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.read[id]; ok && r.Format == format && bytes.Equal(known.stored, r.State) {
		return known.state, true, nil
	}
	if err := decode(&r, r.State, &state); err != nil {
		return state, false, err
	}
	if m.read == nil {
		m.read = make(map[string]remembered[T])
	}
	m.read[id] = remembered[T]{r.State, state}
	return state, true, nil
}

// product returns a product as the book has it; false if there is none.
func (d *Desk) product(tx *ledger.Tx, code string) (Product, bool, error) {
	return d.products.load(tx, KindProduct, code)
}

// policy returns the policy that holds on a day.
func (d *Desk) policy(tx *ledger.Tx, day ledger.Date) (Policy, error) {
	p, _, err := d.policies.load(tx, KindPolicy, policyID)
	return p.On(day), err
}
