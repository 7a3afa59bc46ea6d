package murabahah

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Correction puts an earlier event right: everything from it on is undone, the
// right command is carried out instead, and what came after is carried out
// again, in one Update.
type Correction struct {
	Key      string
	Contract string
	Version  int         // of the event that was wrong
	Date     ledger.Date // of the mirror entries; not before the latest event
	Reason   string
	// Instead is what should have happened; nil leaves the event out. Its own
	// key and contract are not looked at.
	Instead Command

	Document, Maker, Approver string // the [Voucher] of the mirror entries
}

// Corrected is what a correction has done, in its order: the events undone,
// the one instead, and those carried out again.
type Corrected struct {
	Contract Contract
	Events   []Event
	Repeat   bool // it had been carried out before; this is its first result
}

// Correct undoes a contract's events from an earlier one on, carries out the
// right one, and the later ones again at their own days and by their own
// rules: a payment that earned one margin can earn another. If any of it is
// refused, by the contract or by the book, nothing has changed and the error
// says which. Instead of an order or an adoption only the reversal of all that
// followed will do: [Desk.Reverse].
func (d *Desk) Correct(ctx context.Context, n Correction) (Corrected, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (Corrected, error) { return d.CorrectTx(tx, n) })
}

// CorrectTx is Correct in the caller's transaction.
func (d *Desk) CorrectTx(tx *ledger.Tx, n Correction) (Corrected, error) {
	return ledger.Atomic(tx, func() (Corrected, error) { return d.correct(tx, n) })
}

const commandCorrect EventName = "correct"

func (n Correction) content() (ledger.Digest, error) {
	said := about(commandCorrect, n.Contract, n.Date).Int(int64(n.Version)).Text(n.Reason).Text(n.Document).Text(n.Maker).Text(n.Approver)
	if n.Instead == nil {
		return said.Digest(), nil
	}
	instead, err := content(n.Instead)
	return said.Bytes(instead[:]).Digest(), err
}

func (d *Desk) correct(tx *ledger.Tx, n Correction) (Corrected, error) {
	digest, err := n.content()
	if err != nil {
		return Corrected{}, err
	}
	first, repeated, err := tx.Repeat(ledger.Command{Key: n.Key, Kind: kindOf(commandCorrect), Content: digest})
	if err != nil {
		return Corrected{}, err
	}
	if repeated {
		return correctedBefore(tx, first)
	}
	u := unwinding{desk: d, tx: tx, id: n.Contract}
	if u.history, err = kind.History(tx, n.Contract); err != nil {
		return Corrected{}, err
	}
	if u.contract, err = Replay(u.history.Events); err != nil {
		return Corrected{}, contract.In(tx, n.Contract, err)
	}
	if err := u.run(n); err != nil {
		return Corrected{}, err
	}
	return Corrected{Contract: u.contract, Events: u.done}, nil
}

// unwinding is a contract while it is corrected.
type unwinding struct {
	desk     *Desk
	tx       *ledger.Tx
	id       string
	contract Contract
	history  contract.History[Event]
	done     []Event
}

func (u *unwinding) run(n Correction) error {
	standing := Standing(u.history.Events)
	from := -1
	for i, e := range standing {
		if e.Version == n.Version {
			from = i
		}
	}
	if from < 0 {
		return u.contract.refuse(ErrUnknown, "correct.version", "no event #%d stands", n.Version)
	}
	if wrong := standing[from]; wrong.From == Unordered {
		return u.contract.refuse(ErrCommand, "correct.first", "%s began the contract; reverse what followed, and then it", wrong)
	}
	for range standing[from:] {
		if err := u.undo(n); err != nil {
			return err
		}
	}
	if n.Instead != nil {
		if err := u.carryOut(n.Instead, "instead of "+standing[from].String()); err != nil {
			return err
		}
	}
	for _, e := range standing[from+1:] {
		command, err := e.command(u.contract)
		if err != nil {
			return err
		}
		if err := u.carryOut(command, "again: "+e.String()); err != nil && !hasNothing(err) {
			return err
		}
	}
	return nil
}

// undo takes the latest event back.
func (u *unwinding) undo(n Correction) error {
	e, err := Reverse(u.history.Events, Reversal{Contract: u.id, Date: n.Date, Reason: n.Reason, Document: n.Document, Maker: n.Maker, Approver: n.Approver})
	if err != nil {
		return contract.In(u.tx, u.id, err)
	}
	mirror, err := kind.Mirror(u.tx, u.id, u.history, e)
	if err != nil {
		return err
	}
	return u.write(e, mirror)
}

func (u *unwinding) carryOut(command Command, what string) error {
	e, err := u.contract.Decide(command)
	if err == nil {
		err = u.write(e, u.tx.Post)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, contract.In(u.tx, u.id, err))
	}
	return nil
}

// hasNothing reports whether a command was refused because there is nothing
// for it to do any more, such as setting apart what is paid now.
func hasNothing(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && strings.HasSuffix(r.Code, ".nothing")
}

func (u *unwinding) write(e Event, post contract.Post) error {
	result, err := u.desk.write(u.tx, u.id, u.contract, e, post)
	if err != nil {
		return err
	}
	u.contract = result.Contract
	u.history.Events, u.history.Keys, u.done = append(u.history.Events, e), append(u.history.Keys, ""), append(u.done, e)
	return nil
}

// correctedBefore returns what a correction did when it was first carried out.
func correctedBefore(tx *ledger.Tx, first ledger.Command) (Corrected, error) {
	results, err := kind.Firsts(tx, first)
	if err != nil {
		return Corrected{}, err
	}
	corrected := Corrected{Repeat: true}
	for _, result := range results {
		corrected.Contract, corrected.Events = result.Contract, append(corrected.Events, result.Event)
	}
	return corrected, nil
}

// command returns what was asked for when an event was decided.
func (e Event) command(c Contract) (Command, error) {
	if command := e.plainly(c); command != nil {
		return command, nil
	}
	command := asked(e.Name)
	if command == nil || len(e.Asked) == 0 {
		return nil, refuse(ErrCommand, "correct.asked", "", "%s does not say what was asked, so it cannot be carried out again", e)
	}
	decoder := json.NewDecoder(bytes.NewReader(e.Asked))
	if err := decoder.Decode(command); err != nil {
		return nil, fmt.Errorf("%w: what %s was asked by: %w", ErrFormat, e, err)
	}
	return command, nil
}

// asked returns an empty command of a kind, nil if there is none.
func asked(name EventName) Command {
	for _, command := range [...]Command{
		&Offer{}, &Deposit{}, &DepositReturn{}, &SupplierAdvance{}, &Entrustment{}, &Possession{}, &FurtherCost{}, &Impairment{}, &Disposal{},
		&Delivery{}, &Fee{}, &GoodsReturn{}, &Falling{}, &HeldUse{}, &HeldReturn{}, &RebatePayment{}, &SupplierDiscount{}, &DiscountPayment{},
		&PromptDiscount{}, &Concession{}, &Release{}, &Compensation{}, &Reschedule{}, &AccrualStop{}, &AccrualResumption{}, &Judge{}, &Ability{},
		&Realise{}, &TakeOver{}, &Convert{}, &WriteOff{}, &Recovery{},
	} {
		if command.event() == name {
			return command
		}
	}
	return nil
}
