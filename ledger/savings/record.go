package savings

import (
	"encoding/json"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// The kinds of the package's records in the book.
const (
	KindProduct = "savings.product"
	KindMember  = "savings.member"
	KindAccount = "savings.account"
	KindPolicy  = "savings.policy"
	KindExit    = "savings.exit" // a settled membership, by member number
	// KindHolding has one record for each account, whose id begins with the
	// member's number: the accounts of a member are one range of them.
	KindHolding = "savings.holding"
	// KindCertificate has one record for each certificate of time savings: whose it is.
	KindCertificate = "savings.certificate"
	KindPassbook    = "savings.passbook" // an account's printed passbook, by account
	// KindSerial has one record for each serial number of a printed passbook: whose it is.
	KindSerial = "savings.serial"
	// KindIdentity has one record for each identity digest: who joined under it.
	KindIdentity = "savings.identity"
)

// policyID is the id of the one record of policies.
const policyID = "policy"

// format is the version of the stored forms of states and events.
const format = 1

// ProductIn returns a product as the book has it; false if there is none.
func ProductIn(tx *ledger.Tx, code string) (Product, bool, error) {
	p, version, err := load[Product](tx, KindProduct, code)
	return p, version > 0, err
}

// MemberIn returns a member as the book has it; false if there is none.
func MemberIn(tx *ledger.Tx, number string) (Member, bool, error) {
	m, version, err := load[Member](tx, KindMember, number)
	return m, version > 0, err
}

// AccountIn returns a savings account as the book has it; false if there is none.
func AccountIn(tx *ledger.Tx, id string) (Account, bool, error) {
	a, version, err := load[Account](tx, KindAccount, id)
	return a, version > 0, err
}

// load reads a record's latest state and its version, 0 if there is none.
func load[T any](tx *ledger.Tx, kind, id string) (state T, version int, err error) {
	r, found, err := tx.Record(kind, id)
	if err != nil || !found {
		return state, 0, err
	}
	err = decode(&r, r.State, &state)
	return state, r.Version, err
}

func decode(r *ledger.Record, data []byte, into any) error {
	if r.Format != format {
		return fmt.Errorf("%w: %s %s, version %d: format %d, this release reads %d", ErrFormat, r.Kind, r.ID, r.Version, r.Format, format)
	}
	if f, ok := into.(flat); ok && f.read(data) {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %s %s, version %d: %w", ErrFormat, r.Kind, r.ID, r.Version, err)
	}
	return nil
}

// contentOf digests a command by its JSON, its key included. What JSON cannot
// hold (an amount that is none) no command can have carried out: the decision
// refuses it.
func contentOf(kind string, command any) ledger.Digest {
	doc, err := json.Marshal(command)
	if err != nil {
		doc = nil
	}
	return ledger.NewContent(kind).Bool(err == nil).Bytes(doc).Digest()
}

// save appends the version that follows version, written by the current command.
func save(tx *ledger.Tx, kind, id string, version int, name string, event, state any) error {
	data, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("savings: %s %s: %w", kind, clip(id), err)
	}
	stored, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("savings: %s %s: %w", kind, clip(id), err)
	}
	_, err = tx.Save(ledger.Record{Kind: kind, ID: id, Version: version + 1, Event: name, Data: data, Format: format, State: stored})
	return err
}

// saved returns the first record of a kind that a command wrote.
func saved[T any](tx *ledger.Tx, c ledger.Command, kind string) (state T, err error) {
	changes, err := tx.ChangesOf(c)
	if err != nil {
		return state, err
	}
	for _, ch := range changes {
		if ch.Record != nil && ch.Record.Kind == kind {
			return state, decode(ch.Record, ch.Record.State, &state)
		}
	}
	return state, fmt.Errorf("%w: command %q has no record of kind %s", ledger.ErrCorrupt, clip(c.Key), kind)
}

// posted returns the entry that a command wrote, zero if it had none.
func posted(tx *ledger.Tx, c ledger.Command) (ledger.Posted, error) {
	changes, err := tx.ChangesOf(c)
	if err != nil {
		return ledger.Posted{}, err
	}
	for _, ch := range changes {
		if ch.Posted != nil {
			p, _, err := tx.Entry(ch.Posted.Number)
			p.Repeat = true
			return p, err
		}
	}
	return ledger.Posted{}, nil
}
