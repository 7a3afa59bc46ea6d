package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// HoldPlacing holds an amount of an account back: nothing is posted, and the
// amount cannot be spent, whoever posts.
type HoldPlacing struct {
	Key     string // of the command and of the hold
	Date    ledger.Date
	Account string
	Amount  ledger.Money // above zero, at most what is available from Date on
	// Until is the last day on which it binds, zero until it is released.
	Until  ledger.Date
	Reason string // required: a guarantee, suspected fraud, compulsory savings
	By     string // who authorised it, required
	// Contract is the financing that the amount is collateral for, empty for none.
	Contract string
}

// HoldRelease gives a held amount back.
type HoldRelease struct {
	Key    string
	Hold   string       // the hold's key
	Amount ledger.Money // zero for all that is left
	Reason string
	By     string // required
}

// HoldResult is the result of a command on a hold.
type HoldResult struct {
	Held   ledger.Held // with what is left of it
	Repeat bool
}

// Blocking stops an account in one direction or both.
type Blocking struct {
	Key     string
	Date    ledger.Date
	Account string
	Block   ledger.Block // debit, credit or full
	Until   ledger.Date  // the last day on which it binds: that day's end lifts it; zero until it is lifted
	Reason  string       // required: lost passbook, suspected fraud
	By      string       // who authorised it, required
}

// Unblocking lifts the desk's block.
type Unblocking struct {
	Key     string
	Date    ledger.Date
	Account string
	Reason  string // required
	By      string // required
}

// Hold holds an amount back. The book's own hold stops every package's
// postings. Errors match [ErrUnknown], [ErrState], [ErrCommand] or
// [ledger.ErrHold].
func (d *Desk) Hold(ctx context.Context, h HoldPlacing) (HoldResult, error) {
	return update(ctx, d, h, d.HoldTx)
}

// HoldTx is Hold in the caller's transaction.
func (d *Desk) HoldTx(tx *ledger.Tx, h HoldPlacing) (HoldResult, error) {
	return atomic(tx, h, d.hold)
}

func (d *Desk) hold(tx *ledger.Tx, h HoldPlacing) (HoldResult, error) {
	first, repeated, err := tx.Repeat(command(h.Key, "savings.hold", h))
	if err != nil {
		return HoldResult{}, err
	}
	if repeated {
		held, _, err := tx.HeldUnder(first.Key)
		held.Left = held.Amount // as it was placed
		return HoldResult{held, true}, err
	}
	at, err := d.loadAccount(tx, h.Account)
	if err != nil {
		return HoldResult{}, err
	}
	reason, err := at.account.Hold(h, at.basis)
	if err != nil {
		return HoldResult{}, in(tx, err)
	}
	held, err := tx.Hold(ledger.Hold{Account: at.account.Control, Sub: h.Account, Amount: h.Amount, From: h.Date, Until: h.Until, Reason: reason, By: h.By})
	return HoldResult{Held: held}, err
}

// Hold decides whether an amount can be held, the balance apart, and under
// which reason.
func (a Account) Hold(h HoldPlacing, b Basis) (reason string, err error) {
	if err := a.moves(h.Date, b.Member); err != nil {
		return "", err
	}
	if err := a.positive(h.Amount); err != nil {
		return "", err
	}
	if h.Reason == "" || h.By == "" {
		return "", a.refuse(ErrCommand, "hold.reason", "a hold needs its reason and who authorised it")
	}
	reason = h.Reason
	if h.Contract != "" {
		reason += " (" + h.Contract + ")"
	}
	if why := textFault(reason); why != "" {
		return "", a.refuse(ErrCommand, "hold.reason", "the reason "+why)
	}
	return reason, nil
}

// Release gives a held amount back. Errors match [ledger.ErrHold] or [ErrCommand].
func (d *Desk) Release(ctx context.Context, r HoldRelease) (HoldResult, error) {
	return update(ctx, d, r, d.ReleaseTx)
}

// ReleaseTx is Release in the caller's transaction.
func (d *Desk) ReleaseTx(tx *ledger.Tx, r HoldRelease) (HoldResult, error) {
	return ledger.Atomic(tx, func() (HoldResult, error) {
		_, repeated, err := tx.Repeat(command(r.Key, "savings.release", r))
		if err != nil {
			return HoldResult{}, err
		}
		if repeated {
			held, _, err := tx.HeldUnder(r.Hold)
			return HoldResult{held, true}, err
		}
		if r.By == "" || r.Reason == "" {
			return HoldResult{}, &Refusal{Kind: ErrCommand, Code: "release.by", Reason: "a release needs its reason and who authorised it"}
		}
		held, err := tx.Release(ledger.Release{Hold: r.Hold, Amount: r.Amount, Reason: r.Reason, By: r.By})
		return HoldResult{Held: held}, err
	})
}

// Block stops an account. The book's own block stops every package's postings,
// a profit share included. Errors match [ErrUnknown], [ErrState], [ErrDate] or
// [ErrCommand].
func (d *Desk) Block(ctx context.Context, b Blocking) (Registered, error) {
	return update(ctx, d, b, d.BlockTx)
}

// BlockTx is Block in the caller's transaction.
func (d *Desk) BlockTx(tx *ledger.Tx, b Blocking) (Registered, error) {
	return d.alter(tx, b.Account, command(b.Key, "savings.block", b), func(at *opened) (Event, error) {
		e, err := at.account.Block(b, at.basis)
		if err == nil {
			err = ownBlock(tx, at.account)
		}
		if err == nil {
			err = setBlock(tx, at.account, b.Block, b.Reason, b.By)
		}
		return e, err
	})
}

// Unblock lifts the desk's block. Errors match [ErrUnknown], [ErrState],
// [ErrDate] or [ErrCommand].
func (d *Desk) Unblock(ctx context.Context, u Unblocking) (Registered, error) {
	return update(ctx, d, u, d.UnblockTx)
}

// UnblockTx is Unblock in the caller's transaction.
func (d *Desk) UnblockTx(tx *ledger.Tx, u Unblocking) (Registered, error) {
	return d.alter(tx, u.Account, command(u.Key, "savings.unblock", u), func(at *opened) (Event, error) {
		e, err := at.account.Unblock(u, at.basis)
		if err == nil {
			err = ownBlock(tx, at.account)
		}
		if err == nil {
			err = setBlock(tx, at.account, ledger.NoBlock, u.Reason, u.By)
		}
		return e, err
	})
}

// ownBlock refuses to touch a block that was set past the desk: by a court's
// order, by another package.
func ownBlock(tx *ledger.Tx, a Account) error {
	sub, _, err := tx.Sub(a.Control, a.ID)
	if err != nil || sub.Block == a.Blocked.Block {
		return err
	}
	return a.refuse(ErrState, "block.foreign", fmt.Sprintf("has a %s block that the desk has not set", sub.Block))
}

func setBlock(tx *ledger.Tx, a Account, block ledger.Block, reason, by string) error {
	return tx.SetBlock(ledger.BlockSetting{Account: a.Control, Sub: a.ID, Block: block, Reason: reason, By: by})
}

// AvailableIn returns what may be withdrawn from an account on a day: the
// balance less what is held and less the minimum balance, at the tightest end
// of day from then on; never below zero. Blocks are not looked at.
func AvailableIn(tx *ledger.Tx, account string, day ledger.Date) (ledger.Money, error) {
	a, err := found(tx, account)
	if err != nil {
		return ledger.Money{}, err
	}
	free, err := tx.Available(a.Control, a.ID, day)
	return free.Max(ledger.Money{}), err
}

// ExpiredBlocks lists the accounts whose block binds no longer on a day and
// waits to be lifted, by [Desk.EndDay] or with [Desk.Unblock].
func ExpiredBlocks(tx *ledger.Tx, day ledger.Date) ([]Account, error) {
	var list []Account
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return nil, err
		}
		if a.blockEnded(day.Prev()) {
			list = append(list, a)
		}
	}
	return list, nil
}

// blockEnded reports whether the desk's block has bound for the last time on a
// day or an earlier one.
func (a Account) blockEnded(day ledger.Date) bool {
	return a.Status != Closed && a.Blocked.Block != ledger.NoBlock && !a.Blocked.Until.IsZero() && !a.Blocked.Until.After(day)
}

// Block decides a block.
func (a Account) Block(b Blocking, basis Basis) (Event, error) {
	if err := a.moves(b.Date, basis.Member); err != nil {
		return Event{}, err
	}
	switch {
	case b.Block == ledger.NoBlock || !b.Block.Valid():
		return Event{}, a.refuse(ErrCommand, "block.kind", fmt.Sprintf("a block of kind %s, want debit, credit or full", b.Block))
	case a.Blocked.Block != ledger.NoBlock:
		return Event{}, a.refuse(ErrState, "block.blocked", fmt.Sprintf("has a %s block since %s", a.Blocked.Block, a.Blocked.From))
	case !b.Until.IsZero() && (!b.Until.Valid() || b.Until.Before(b.Date)):
		return Event{}, a.refuseOn(ErrDate, "block.until", b.Until, fmt.Sprintf("a block from %s until %s", b.Date, b.Until))
	case b.Reason == "" || b.By == "":
		return Event{}, a.refuse(ErrCommand, "block.reason", "a block needs its reason and who authorised it")
	case textFault(b.Reason) != "" || textFault(b.By) != "":
		return Event{}, a.refuse(ErrCommand, "block.reason", "the reason or who authorised it "+textFault(b.Reason)+textFault(b.By))
	}
	return Event{Name: EventBlock, Date: b.Date, Account: a.ID, Party: basis.Member.Party(b.Date),
		Blocked: Blocked{Block: b.Block, Reason: b.Reason, By: b.By, From: b.Date, Until: b.Until}}, nil
}

// Unblock decides that a block is lifted. A member's death blocks for good,
// until the account is settled.
func (a Account) Unblock(u Unblocking, b Basis) (Event, error) {
	if err := a.moves(u.Date, b.Member); err != nil {
		return Event{}, err
	}
	switch {
	case a.Blocked.Block == ledger.NoBlock:
		return Event{}, a.refuse(ErrState, "unblock.free", "has no block of the desk")
	case b.Member.State() == MemberDeceased:
		return Event{}, a.refuse(ErrMember, "unblock.deceased", "the holder has died: the account is settled, not unblocked")
	case u.Reason == "" || u.By == "":
		return Event{}, a.refuse(ErrCommand, "unblock.reason", "lifting a block needs its reason and who authorised it")
	}
	return Event{Name: EventUnblock, Date: u.Date, Account: a.ID, Party: b.Member.Party(u.Date)}, nil
}
