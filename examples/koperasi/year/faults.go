package year

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
	"github.com/mizan-coop/mizan/profitshare"
)

// refusals is what the library has refused so far, and what may be refused
// later for no other reason.
type refusals struct {
	faults yearfolder.Faults
	short  map[string]bool // savings accounts that lack money, or were never opened
	stuck  map[string]bool // contracts that lack a step before their sale
}

func (r refusals) clone() refusals {
	return refusals{slices.Clone(r.faults), maps.Clone(r.short), maps.Clone(r.stuck)}
}

// sorted returns the faults in the order of the files and their lines.
func (r refusals) sorted() yearfolder.Faults {
	faults := slices.Clone(r.faults)
	faults.Sort()
	return faults
}

// note takes an error of a row. A refusal becomes a fault at its place, unless
// it only follows from an earlier one; any other error is returned.
func (r *refusals) note(tx *ledger.Tx, row yearfolder.Step, err error) error {
	silent := r.follows(row, err)
	if err := r.remember(tx, row); err != nil {
		return err
	}
	var many yearfolder.Faults
	switch {
	case silent:
		return nil
	case errors.As(err, &many):
		r.faults = append(r.faults, many...)
		return nil
	}
	return r.noteAt(row.Place(), asked(row), err)
}

// noteAt takes an error of what stands at a place.
func (r *refusals) noteAt(p yearfolder.Place, what string, err error) error {
	if err == nil {
		return nil
	}
	text, refused := reason(err)
	if !refused {
		return fmt.Errorf("%s:%d: %w", p.File, p.Line, err)
	}
	r.faults = append(r.faults, p.Faultf("%s: %s", what, text))
	return nil
}

// asked says in short what a row asks for, with its amount.
func asked(row yearfolder.Step) string {
	event, amount := "", ledger.Money{}
	switch {
	case row.Savings != nil:
		event, amount = string(row.Savings.Event), row.Savings.Amount
	case row.Member != nil:
		event, amount = string(row.Member.Event), row.Member.Amount
	case row.Event != nil:
		event, amount = string(row.Event.Event), row.Event.Amount
	}
	if amount.IsZero() {
		return event
	}
	return event + " " + ledger.IDR.Format(amount)
}

// follows reports whether a row may have been refused only because an earlier
// one was.
func (r *refusals) follows(row yearfolder.Step, err error) bool {
	var account *savings.Refusal
	var entry *ledger.Refusal
	switch {
	case row.Event != nil:
		before := errors.Is(err, murabahah.ErrUnknown) || errors.Is(err, murabahah.ErrState) ||
			errors.Is(err, murabahah.ErrNotOwned) || errors.Is(err, murabahah.ErrDownPayment) || errors.Is(err, murabahah.ErrCost)
		return before && r.stuck[row.Event.Contract]
	case errors.As(err, &account):
		money := errors.Is(err, savings.ErrMinBalance) || errors.Is(err, savings.ErrMinOpening) || errors.Is(err, savings.ErrUnknown)
		return money && r.short[account.Account]
	case errors.As(err, &entry):
		return errors.Is(err, ledger.ErrFloor) && r.short[entry.Sub]
	}
	return false
}

// remember notes what lacks something because a row was not carried out.
func (r *refusals) remember(tx *ledger.Tx, row yearfolder.Step) error {
	switch {
	case row.Savings != nil && row.Savings.Event == yearfolder.Transfer:
		mark(&r.short, row.Savings.Counter)
	case row.Savings != nil && row.Savings.Event != yearfolder.Withdraw:
		mark(&r.short, row.Savings.Account)
	case row.Bulk != nil:
		for _, line := range row.Bulk {
			mark(&r.short, line.Account)
		}
	case row.Entry != nil:
		for _, line := range row.Entry.Lines {
			if line.Sub != "" && line.Amount.Sign() < 0 {
				mark(&r.short, line.Sub)
			}
		}
	case row.Event != nil:
		contract, _, err := murabahah.ContractIn(tx, row.Event.Contract)
		if err != nil {
			return err
		}
		sold := contract.State == murabahah.Sold || contract.State == murabahah.Settled
		switch row.Event.Event {
		case yearfolder.Order, yearfolder.Offer, yearfolder.DownPayment, yearfolder.OrderDeposit, yearfolder.Stock, yearfolder.Entrust,
			yearfolder.Acquire, yearfolder.Possess, yearfolder.Cost, yearfolder.SupplierDiscount, yearfolder.Sell:
			if !sold {
				mark(&r.stuck, row.Event.Contract)
			}
		}
	}
	return nil
}

func mark(set *map[string]bool, id string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[id] = true
}

// reason says for people why the library refused something. It reports false
// if err is no refusal but a failure of the books themselves.
func reason(err error) (string, bool) {
	var account *savings.Refusal
	var contract *murabahah.Refusal
	var pool *profitshare.InputError
	var entry *ledger.Refusal
	switch {
	case errors.As(err, &account) && errors.Is(err, savings.ErrUnknown) && account.Account != "":
		return fmt.Sprintf("account %q: is not open yet", account.Account), true
	case errors.As(err, &account):
		return strings.TrimPrefix(account.Error(), "savings: "), true
	case errors.As(err, &contract) && errors.Is(err, murabahah.ErrUnknown):
		return fmt.Sprintf("contract %q: is not ordered yet", contract.Contract), true
	case errors.As(err, &contract):
		return strings.TrimPrefix(contract.Error(), "murabahah: "), true
	case errors.As(err, &pool):
		return pool.What + ": " + pool.Reason, true
	case errors.As(err, &entry):
		where := entry.Account
		if entry.Sub != "" {
			where += "/" + entry.Sub
		}
		if where == "" {
			return entry.Detail, true
		}
		return fmt.Sprintf("account %s: %s", where, entry.Detail), true
	}
	return "", false
}
