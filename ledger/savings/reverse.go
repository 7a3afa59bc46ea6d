package savings

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Reversal takes a command of the desk back: books and records step back
// together.
type Reversal struct {
	Key      string
	Of       string      // the key of the command
	Date     ledger.Date // of the mirrored entry, in an open period
	Reason   string      // required
	Document string
	Maker    string
	Approver string
}

// Reversed is the result of a reversal.
type Reversed struct {
	Posted ledger.Posted // the mirror; zero if the command had no entry
	Repeat bool
}

// Reverse takes an earlier command of the desk back (S40): its entry is
// mirrored, under the same floors as any entry, and every record that it
// changed is again what it was before. A command on whose records later ones
// build is refused with [ErrNotLatest], those named; what cannot be taken back
// at all (an opening, a joining, a hold, terms of a product) with
// [ErrReversal], which says what to do instead. An entry whose event changed no
// record (a further deposit, a withdrawal) has no source, and the book's own
// reversal takes it back too.
func (d *Desk) Reverse(ctx context.Context, r Reversal) (Reversed, error) {
	return update(ctx, d, r, d.ReverseTx)
}

// ReverseTx is Reverse in the caller's transaction.
func (d *Desk) ReverseTx(tx *ledger.Tx, r Reversal) (Reversed, error) {
	return atomic(tx, r, d.reverse)
}

func (d *Desk) reverse(tx *ledger.Tx, r Reversal) (Reversed, error) {
	first, repeated, err := tx.Repeat(command(r.Key, "savings.reverse", r))
	if err != nil {
		return Reversed{}, err
	}
	if repeated {
		p, err := posted(tx, first)
		return Reversed{p, true}, err
	}
	undone, err := reversible(tx, r)
	if err != nil {
		return Reversed{}, err
	}
	changes, err := tx.ChangesOf(undone)
	if err != nil {
		return Reversed{}, err
	}
	if err := inOpenMonths(tx, changes); err != nil {
		return Reversed{}, err
	}
	steps := stepsOf(changes)
	for _, st := range steps {
		if err := st.latest(tx, r); err != nil {
			return Reversed{}, err
		}
		if err := st.unsettled(tx, undone, r); err != nil {
			return Reversed{}, err
		}
	}
	var result Reversed
	for _, ch := range changes {
		if ch.Posted == nil {
			continue
		}
		if result.Posted, err = mirror(tx, ch.Posted, steps, r); err != nil {
			return Reversed{}, err
		}
	}
	for _, st := range steps {
		if err := d.stepBack(tx, st, r); err != nil {
			return Reversed{}, err
		}
	}
	return result, nil
}

// step is the run of versions that a command wrote of a record.
type step struct {
	kind, id    string
	first, last int
}

// stepsOf lists the records that a command changed, in the order it did.
func stepsOf(changes []ledger.Change) []step {
	var steps []step
	for _, ch := range changes {
		if ch.Record == nil || ch.Record.Kind == KindHolding || ch.Record.Kind == KindCertificate {
			continue
		}
		same := func(s step) bool { return s.kind == ch.Record.Kind && s.id == ch.Record.ID }
		if n := slices.IndexFunc(steps, same); n >= 0 {
			steps[n].last = ch.Record.Version
			continue
		}
		steps = append(steps, step{ch.Record.Kind, ch.Record.ID, ch.Record.Version, ch.Record.Version})
	}
	return steps
}

// latest says whether the command's version is the last of its record that
// still stands: one taken back, and the reversal itself, do not count.
func (s step) latest(tx *ledger.Tx, r Reversal) error {
	var standing []ledger.Record
	for version, err := range tx.History(s.kind, s.id) {
		if err != nil {
			return err
		}
		if version.Event != string(EventReverse) {
			standing = append(standing, version)
			continue
		}
		var e struct {
			Undoes string `json:"undoes"`
		}
		if err := json.Unmarshal(version.Data, &e); err != nil {
			return fmt.Errorf("%w: %s %s, version %d: %w", ErrFormat, s.kind, s.id, version.Version, err)
		}
		standing = slices.DeleteFunc(standing, func(v ledger.Record) bool { return v.Key == e.Undoes && v.Version > 1 })
	}
	last := standing[len(standing)-1]
	switch {
	case last.Version == s.last:
		return nil
	case !slices.ContainsFunc(standing, func(v ledger.Record) bool { return v.Version == s.last }):
		return &Refusal{Kind: ErrReversal, Code: "reverse.again", Date: r.Date, Reason: fmt.Sprintf("command %q was taken back before", clip(r.Of))}
	}
	return &Refusal{Kind: ErrNotLatest, Code: "reverse.not_latest", Date: r.Date,
		Reason: fmt.Sprintf("%s %s went on with %q under key %q: take that back first", s.kind, clip(s.id), last.Event, clip(last.Key))}
}

// unsettled refuses to take a leaving back from under its settlement.
func (s step) unsettled(tx *ledger.Tx, undone ledger.Command, r Reversal) error {
	if s.kind != KindMember || undone.Kind == "savings.claim" || undone.Kind == "savings.settle" {
		return nil
	}
	x, settled, err := ExitIn(tx, s.id)
	if err != nil {
		return err
	}
	if !settled {
		return stillOne(tx, s.id, r)
	}
	return &Refusal{Kind: ErrNotLatest, Code: "reverse.not_latest", Member: s.id, Date: r.Date,
		Reason: fmt.Sprintf("the member was settled on %s: take that back first", x.Date)}
}

// stillOne refuses to give a membership back to a person who has joined again
// under another number.
func stillOne(tx *ledger.Tx, number string, r Reversal) error {
	m, _, err := MemberIn(tx, number)
	if err != nil || m.Identity == "" {
		return err
	}
	id, _, err := load[identity](tx, KindIdentity, m.Identity)
	if err != nil || id.Member == number {
		return err
	}
	return &Refusal{Kind: ErrExists, Code: "member.identity", Member: number, Date: r.Date, Rule: RuleMembership,
		Reason: fmt.Sprintf("the same person is member %s: one person, one membership", clip(id.Member))}
}

// reversible returns the command to be taken back.
func reversible(tx *ledger.Tx, r Reversal) (ledger.Command, error) {
	refuse := func(kind error, code, reason string) (ledger.Command, error) {
		return ledger.Command{}, &Refusal{Kind: kind, Code: code, Date: r.Date, Reason: reason}
	}
	if r.Reason == "" {
		return refuse(ErrCommand, "reverse.reason", "a reversal needs a reason")
	}
	if !r.Date.Valid() {
		return refuse(ErrDate, "reverse.date", r.Date.Err().Error())
	}
	c, found, err := tx.Command(r.Of)
	if err != nil {
		return ledger.Command{}, err
	}
	verb, ours := strings.CutPrefix(c.Kind, "savings.")
	switch {
	case !found:
		return refuse(ErrUnknown, "reverse.unknown", fmt.Sprintf("there is no command %q", clip(r.Of)))
	case !ours:
		return refuse(ErrReversal, "reverse.kind", fmt.Sprintf("command %q is no command of the savings desk", clip(r.Of)))
	}
	if why := irreversible[verb]; why != "" {
		return refuse(ErrReversal, "reverse.kind", fmt.Sprintf("command %q (%s) cannot be taken back: %s", clip(r.Of), c.Kind, why))
	}
	return c, nil
}

// irreversible says of the commands that cannot be taken back what to do instead.
var irreversible = map[string]string{
	"open":           "close the account",
	"adopt":          "close the account",
	"join":           "let the member leave",
	"policy":         "set another policy",
	"product.add":    "offer it no longer",
	"product.change": "change the terms again",
	"minimum":        "change the terms and apply them again",
	"hold":           "release it",
	"release":        "hold the amount again",
	"block":          "lift it",
	"unblock":        "block the account again",
	"count":          "explain the difference",
	"reverse":        "carry the command out again",

	"passbook.issue":   "replace the passbook",
	"passbook.print":   "what is on paper stays there: replace the passbook",
	"passbook.replace": "replace it again; the book takes its fee back",
}

// mirror posts the mirror of an entry. A closing has blocked the account that it
// closed: it is unblocked, as its record steps back too. Any other account that
// was closed since stays so, and the mirror is refused.
func mirror(tx *ledger.Tx, original *ledger.Posted, steps []step, r Reversal) (ledger.Posted, error) {
	if r.Date.Before(original.Date) {
		return ledger.Posted{}, &Refusal{Kind: ErrDate, Code: "reverse.before", Date: r.Date,
			Reason: fmt.Sprintf("command %q is of %s: it is not taken back before", clip(r.Of), original.Date)}
	}
	reversal := ledger.Reversal{Entry: original.Number, Date: r.Date, Reason: r.Reason, Document: r.Document,
		Maker: r.Maker, Approver: r.Approver, Waiver: "reversal"}
	if !original.Source.IsZero() {
		latest, _, err := tx.Record(original.Source.Kind, original.Source.ID)
		if err != nil {
			return ledger.Posted{}, err
		}
		reversal.Source = original.Source // the version that stepping back will save
		reversal.Source.Version, reversal.Source.Event = latest.Version+1, string(EventReverse)
	}
	for _, st := range steps {
		if st.kind != KindAccount {
			continue
		}
		a, exists, err := AccountIn(tx, st.id)
		if err != nil {
			return ledger.Posted{}, err
		}
		if exists && a.Status == Closed && slices.ContainsFunc(original.Lines, func(l ledger.Line) bool { return l.Account == a.Control && l.Sub == a.ID }) {
			if err := setBlock(tx, a, ledger.NoBlock, "closing taken back", r.Approver); err != nil {
				return ledger.Posted{}, err
			}
		}
	}
	return tx.Reverse(reversal)
}

// stepBack writes a record as it was before a command.
func (d *Desk) stepBack(tx *ledger.Tx, s step, r Reversal) error {
	back := s.first - 1
	if back == 0 { // the command itself began the record: it stays as it began
		back = 1
	}
	var before, latest ledger.Record
	for version, err := range tx.History(s.kind, s.id) {
		if err != nil {
			return err
		}
		if latest = version; version.Version == back {
			before = version
		}
	}
	switch s.kind {
	case KindAccount:
		return d.accountBack(tx, &before, &latest, r)
	case KindMember:
		var m Member
		if err := decode(&before, before.State, &m); err != nil {
			return err
		}
		e := MemberEvent{Name: "reverse", Date: r.Date, Member: m.Number, Reason: r.Reason, Undoes: r.Of, Back: &m}
		return save(tx, s.kind, s.id, latest.Version, e.Name, e, m)
	case KindExit:
		var x Exit
		if s.first > 1 {
			if err := decode(&before, before.State, &x); err != nil {
				return err
			}
		}
		e := ExitEvent{Name: "reverse", Date: r.Date, Member: s.id, Undoes: r.Of, Back: &x}
		return save(tx, s.kind, s.id, latest.Version, e.Name, e, x)
	}
	return fmt.Errorf("%w: no way back for %s", ledger.ErrCorrupt, s.kind)
}

// accountBack writes an account as it was before. One whose first deposit is
// taken back waits for its minimum opening again, unless money that came in
// later stands on it; one that was dormant is so again, unless a later movement
// of the member's stands. Only a block that the desk itself has set goes back with it.
func (d *Desk) accountBack(tx *ledger.Tx, before, latest *ledger.Record, r Reversal) error {
	var a, now Account
	if err := decode(before, before.State, &a); err != nil {
		return err
	}
	if err := decode(latest, latest.State, &now); err != nil {
		return err
	}
	m, _, err := MemberIn(tx, a.Member)
	if err != nil {
		return err
	}
	sub, _, err := tx.Sub(a.Control, a.ID)
	if err != nil {
		return err
	}
	if a.Status == Opened && now.Status != Opened && !sub.Last.IsZero() {
		a.Status = Active
	}
	if a.dormant() && !now.dormant() { // unless the member has moved it since by what still stands
		last, err := a.ownSince(tx, a.Dormant.Last.Next())
		if err != nil {
			return err
		}
		if !last.IsZero() {
			a.Dormant = Dormancy{}
		}
	}
	if block := a.block(); sub.Block != block && (now.Status == Closed || sub.Block == now.block()) {
		if err := setBlock(tx, a, block, "as it was before "+r.Of, r.Approver); err != nil {
			return err
		}
	}
	if place := a.stands(); a.Status == Closed && place != (Place{}) {
		if err := blockPlace(tx, place, a.Blocked.Block, "as it was before "+r.Of, r.Approver); err != nil {
			return err
		}
	}
	e := Event{Name: EventReverse, Date: r.Date, Account: a.ID, Party: m.Party(r.Date), Undoes: r.Of, Back: &a}
	return save(tx, KindAccount, a.ID, latest.Version, string(e.Name), e, a)
}

// block returns the block that the desk has put on the account's sub.
func (a Account) block() ledger.Block {
	if a.Status == Closed {
		return ledger.FullBlock
	}
	return a.Blocked.Block
}

// inOpenMonths refuses to take back terms of sharing whose first day is closed:
// what was distributed under them would change.
func inOpenMonths(tx *ledger.Tx, changes []ledger.Change) error {
	for _, ch := range changes {
		if ch.Record == nil || ch.Record.Event != string(EventNisbah) && ch.Record.Event != string(EventZakat) {
			continue
		}
		var e Event
		if err := decode(ch.Record, ch.Record.Data, &e); err != nil {
			return err
		}
		if err := inOpenPeriod(tx, e.Account, e.Date); err != nil {
			return err
		}
	}
	return nil
}
