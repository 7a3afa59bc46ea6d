package ledger

import (
	"fmt"
	"slices"
)

// The writes that guard a sub without moving money: opening it with a holder,
// floors, blocks and holds.

// OpenSub opens a sub with its holder and floor before its first line. A sub
// that has lines already but was never opened is opened now; one that was
// opened is refused with [CodeSubExists]. Lines open a sub by themselves, with
// no holder and no floor.
func (tx *Tx) OpenSub(o SubOpening) error {
	command, repeated, err := tx.begin(o.Key, ChangeSub, o)
	if err != nil || repeated {
		return err
	}
	staged, err := tx.guarded(o.Key, o.Account, o.Sub, endOfTime)
	if err != nil {
		return err
	}
	if why := NameFault(o.Holder, MaxSub); why != "" {
		return tx.refuse(ErrSub, Refusal{Code: CodeTextInvalid, Key: o.Key, Account: o.Account, Sub: o.Sub, Detail: "the holder " + why})
	}
	if err := tx.textsFault(o.Key, o.By); err != nil {
		return err
	}
	if staged.sub.Opened {
		return tx.refuse(ErrSub, Refusal{Code: CodeSubExists, Key: o.Key, Account: o.Account, Sub: o.Sub, Detail: "was opened before"})
	}
	if err := tx.floorFault(o.Key, staged, o.Floor); err != nil {
		return err
	}
	return tx.document(command, ChangeSub, o)
}

// SetFloor sets a floor. A hard floor above the latest balance is refused: it
// would be broken from its first moment. With an empty Sub on a control
// account it becomes the floor of every sub that has none of its own, those
// below it included; they can then only rise.
func (tx *Tx) SetFloor(f FloorSetting) error {
	command, repeated, err := tx.begin(f.Key, ChangeFloor, f)
	if err != nil || repeated {
		return err
	}
	account, err := tx.usable(f.Key, f.Account)
	if err != nil {
		return err
	}
	if account.Control && f.Sub == "" {
		if err := tx.textsFault(f.Key, f.Reason, f.By); err != nil {
			return err
		}
		if err := f.Floor.err(); err != nil {
			return tx.refuse(ErrMoney, Refusal{Code: CodeFloorInvalid, Key: f.Key, Account: f.Account, Detail: reason(err)})
		}
		return tx.document(command, ChangeFloor, f)
	}
	staged, err := tx.guarded(f.Key, f.Account, f.Sub, endOfTime)
	if err != nil {
		return err
	}
	if err := tx.textsFault(f.Key, f.Reason, f.By); err != nil {
		return err
	}
	if err := tx.floorFault(f.Key, staged, f.Floor); err != nil {
		return err
	}
	return tx.document(command, ChangeFloor, f)
}

// floorFault refuses amounts that are none and a hard floor that the latest
// balance already breaks.
func (tx *Tx) floorFault(key string, staged *stagedSub, f Floor) error {
	r := Refusal{Key: key, Account: staged.sub.Account, Sub: staged.sub.Sub, Limit: f.Hard, Code: CodeFloorInvalid}
	if err := f.err(); err != nil {
		r.Detail = reason(err)
		return tx.refuse(ErrMoney, r)
	}
	balance := staged.account.Normal.Natural(staged.sub.Last)
	if f.HasHard && balance.Less(f.Hard) {
		r.Balance = balance
		r.Detail = fmt.Sprintf("a hard floor of %s is above the balance of %s", tx.currency.Format(f.Hard), tx.currency.Format(balance))
		return tx.refuse(ErrFloor, r)
	}
	return nil
}

// SetBlock sets or lifts a block. A reason is required.
func (tx *Tx) SetBlock(b BlockSetting) error {
	command, repeated, err := tx.begin(b.Key, ChangeBlock, b)
	if err != nil || repeated {
		return err
	}
	if _, err := tx.guarded(b.Key, b.Account, b.Sub, endOfTime); err != nil {
		return err
	}
	if err := tx.reasonFault(b.Key, b.Reason, b.By); err != nil {
		return err
	}
	return tx.document(command, ChangeBlock, b)
}

// Hold holds an amount back, or is refused if less than that is free on any
// day on which it would bind: concurrent holds can never exceed what is there.
// A repeat answers with the hold as it was placed.
func (tx *Tx) Hold(h Hold) (Held, error) {
	command, repeated, err := tx.begin(h.Key, ChangeHold, h)
	if err != nil {
		return Held{}, err
	}
	if repeated {
		return Held{Hold: h, Left: h.Amount}, nil
	}
	if h.Key == "" {
		h.Key = command.Key
	}
	refuse := func(kind error, code Code, detail string) (Held, error) {
		return Held{}, tx.refuse(kind, Refusal{Code: code, Key: h.Key, Account: h.Account, Sub: h.Sub, Amount: h.Amount, Date: h.From, Detail: detail})
	}
	switch {
	case !h.From.Valid() || !h.Until.IsZero() && !h.Until.Valid():
		return refuse(ErrDate, CodeDateInvalid, fmt.Sprintf("a hold from %s until %s", h.From, h.Until))
	case !h.Until.IsZero() && h.Until.Before(h.From):
		return refuse(ErrHold, CodeHoldInvalid, fmt.Sprintf("a hold from %s that ends on %s", h.From, h.Until))
	case h.Amount.Err() != nil || h.Amount.Sign() <= 0:
		return refuse(ErrHold, CodeHoldInvalid, "a hold needs an amount above zero")
	}
	if err := tx.reasonFault(h.Key, h.Reason, h.By); err != nil {
		return Held{}, err
	}
	staged, err := tx.guarded(h.Key, h.Account, h.Sub, h.From)
	if err != nil {
		return Held{}, err
	}
	if _, taken, err := tx.HeldUnder(h.Key); err != nil || taken {
		if err == nil {
			return refuse(ErrHold, CodeHoldInvalid, "there is a hold of that key already")
		}
		return Held{}, err
	}
	floor, _ := staged.floor(false)
	free := staged.tightest(headroom{from: h.From, until: h.Until, floor: floor, bound: true})
	if free.room.Less(h.Amount) {
		return refuse(ErrHold, CodeHoldTooLarge, fmt.Sprintf("%s is more than the %s free on %s",
			tx.currency.Format(h.Amount), tx.currency.Format(free.room.Max(Money{})), free.day))
	}
	return Held{Hold: h, Left: h.Amount}, tx.document(command, ChangeHold, h)
}

// Release gives a held amount back, all that is left if r.Amount is zero. A
// repeat answers with the hold as the release left it then.
func (tx *Tx) Release(r Release) (Held, error) {
	r.Entry = 0
	command, repeated, err := tx.begin(r.Key, ChangeRelease, r)
	if err != nil {
		return Held{}, err
	}
	if repeated {
		return tx.releasedBy(r.Key, r.Hold)
	}
	return tx.release(command, r)
}

// releasedBy returns the hold as a release left it at the time: later releases
// are added back.
func (tx *Tx) releasedBy(key string, hold string) (Held, error) {
	command, _, err := tx.Command(key)
	if err != nil {
		return Held{}, err
	}
	held, _, err := tx.HeldUnder(hold)
	if err != nil {
		return Held{}, err
	}
	for ch, err := range tx.Changes(command.Last + 1) {
		if err != nil {
			return Held{}, err
		}
		if ch.Kind != ChangeRelease {
			continue
		}
		later, err := into[Release](&ch)
		if err != nil {
			return Held{}, err
		}
		if later.Hold == hold {
			held.Left = held.Left.Add(later.Amount)
		}
	}
	return held, nil
}

// Capture uses a hold up: it releases the amount and posts the entry that
// takes the money in one step, the second phase of a two-phase posting. The
// entry may take less than is released, the rest is free then; one that takes
// nothing from the hold's account and sub, or that is dated after the hold's last
// day, is refused with [CodeHoldInvalid] once nothing else is wrong with it. Its
// key is the command's.
func (tx *Tx) Capture(r Release, e Entry) (Posted, error) {
	r.Entry, e.Key = 0, r.Key
	content := NewContent("capture").Text(r.Key).Text(r.Hold).Money(r.Amount).Text(r.Reason).Text(r.By).
		entry(&e, 0, false).Digest()
	command, first, repeated, err := tx.own(Command{Key: r.Key, Kind: "capture", Content: content})
	if err != nil {
		return Posted{}, err
	}
	if repeated {
		return tx.postedBy(first)
	}
	r.Key, e.Key = command.Key, command.Key
	held, staged, err := tx.releasable(&r)
	if err != nil {
		return Posted{}, err
	}
	// The entry is checked as if the hold had been released already.
	tx.stage.modify(staged)
	holds := staged.holds
	staged.holds = slices.Clone(holds)
	staged.putHold(held)
	p := posting{Entry: e}
	err = tx.examine(&p)
	staged.holds = holds
	switch {
	case err != nil:
		return Posted{}, err
	case len(p.found) > 0:
		return Posted{}, p.found[0]
	}
	if why := captureFault(&p.Entry, &held, staged.account); why != "" {
		return Posted{}, tx.refuse(ErrHold, Refusal{Code: CodeHoldInvalid, Key: r.Key, Account: held.Account, Sub: held.Sub, Date: e.Date, Amount: r.Amount,
			Detail: why})
	}
	r.Entry = tx.stage.head.Entries + 1
	if err := tx.document(command, ChangeRelease, r); err != nil {
		return Posted{}, err
	}
	p.digest(tx)
	return p.given(tx.enter(command, &p, nil), nil)
}

// captureFault says why an entry, which has passed every check, uses up nothing
// of a hold.
func captureFault(e *Entry, held *Held, account *Account) string {
	switch {
	case account.Normal.Natural(netOn(e, held)).Sign() >= 0:
		return fmt.Sprintf("the entry takes nothing of what hold %q holds here", clip(held.Key))
	case !held.Until.IsZero() && e.Date.After(held.Until):
		return fmt.Sprintf("hold %q ended on %s: an entry of %s cannot capture it", clip(held.Key), held.Until, e.Date)
	}
	return ""
}

// netOn returns what an entry, which has passed every check, adds to the sub of
// a hold, debit positive.
func netOn(e *Entry, held *Held) Money {
	var net Money
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Account == held.Account && l.Sub == held.Sub {
			net = net.Add(l.Amount)
		}
	}
	return net
}

func (tx *Tx) release(command *doing, r Release) (Held, error) {
	if r.Key == "" {
		r.Key = command.Key
	}
	held, _, err := tx.releasable(&r)
	if err != nil {
		return Held{}, err
	}
	return held, tx.document(command, ChangeRelease, r)
}

// releasable checks a release, fills in its amount, and returns the hold as it
// will be, with its sub.
func (tx *Tx) releasable(r *Release) (Held, *stagedSub, error) {
	refuse := func(code Code, detail string) (Held, *stagedSub, error) {
		return Held{}, nil, tx.refuse(ErrHold, Refusal{Code: code, Key: r.Key, Amount: r.Amount, Detail: detail})
	}
	held, found, err := tx.HeldUnder(r.Hold)
	if err != nil {
		return Held{}, nil, err
	}
	if !found {
		return refuse(CodeHoldUnknown, fmt.Sprintf("there is no hold %q", clip(r.Hold)))
	}
	if r.Amount.IsZero() {
		r.Amount = held.Left
	}
	switch {
	case held.Left.IsZero():
		return refuse(CodeHoldInvalid, fmt.Sprintf("hold %q is over", clip(r.Hold)))
	case r.Amount.Err() != nil || r.Amount.Sign() < 0:
		return refuse(CodeHoldInvalid, "a release needs an amount above zero")
	case held.Left.Less(r.Amount):
		return refuse(CodeHoldTooLarge, fmt.Sprintf("%s is more than the %s that is left of hold %q",
			tx.currency.Format(r.Amount), tx.currency.Format(held.Left), clip(r.Hold)))
	}
	if err := tx.reasonFault(r.Key, r.Reason, r.By); err != nil {
		return Held{}, nil, err
	}
	account, found, err := tx.stage.current(held.Account)
	if err != nil || !found {
		return Held{}, nil, errorOr(err, "%w: hold %q is on the unknown account %q", ErrCorrupt, clip(held.Key), clip(held.Account))
	}
	staged, err := tx.stage.position(account, held.Sub, held.From)
	held.Left = held.Left.Sub(r.Amount)
	return held, staged, err
}

// guarded returns the sub that a guard is put on.
func (tx *Tx) guarded(key, code, sub string, from Date) (*stagedSub, error) {
	account, found, err := tx.stage.current(code)
	if err != nil {
		return nil, err
	}
	line := Line{Account: code, Sub: sub}
	if r, kind := lineFault(&line, account, found); kind != nil {
		r.Key = key
		return nil, tx.refuse(kind, r)
	}
	return tx.stage.position(account, sub, from)
}

// usable returns an account that is not retired.
func (tx *Tx) usable(key, code string) (Account, error) {
	account, found, err := tx.account(code)
	if err != nil {
		return Account{}, err
	}
	if r, kind := lineFault(&Line{Account: code, Sub: "-"}, &account, found); kind == ErrAccount {
		r.Key, r.Sub = key, ""
		return Account{}, tx.refuse(kind, r)
	}
	return account, nil
}

func (tx *Tx) reasonFault(key, reason, by string) error {
	if reason == "" {
		return tx.refuse(ErrEntry, Refusal{Code: CodeReasonMissing, Key: key, Detail: "a reason is required"})
	}
	return tx.textsFault(key, reason, by)
}

// textsFault refuses a reason, document or person's name that cannot be kept.
func (tx *Tx) textsFault(key string, texts ...string) error {
	for _, text := range texts {
		if why := TextFault(text, MaxText); why != "" {
			return tx.refuse(ErrEntry, Refusal{Code: CodeTextInvalid, Key: key, Detail: "the reason, document or name " + why})
		}
	}
	return nil
}
