package sqlledger

import (
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// rows turns a batch into rows, table by table in the order of their
// references.
func (f *flush) rows(b *ledger.Batch) error {
	for _, add := range []func(*ledger.Batch) error{
		f.accounts, f.subs, f.changes, f.entries, f.lines, f.turnovers, f.records, f.holds, f.assertions,
	} {
		if err := add(b); err != nil {
			return err
		}
	}
	return nil
}

// latest returns the places of the rows that count: of two with the same key
// the later one. One statement cannot put a row twice.
func latest[R any, K comparable](rows []R, key func(*R) K) []int {
	at := make(map[K]int, len(rows))
	places := make([]int, 0, len(rows))
	for i := range rows {
		k := key(&rows[i])
		if place, twice := at[k]; twice {
			places[place] = i
			continue
		}
		at[k] = len(places)
		places = append(places, i)
	}
	return places
}

func (f *flush) accounts(b *ledger.Batch) error {
	for _, i := range latest(b.Accounts, func(a *ledger.Account) string { return a.Code }) {
		a := &b.Accounts[i]
		row, err := f.row(accountTable)
		if err != nil {
			return err
		}
		row.text(a.Code).text(a.Name).text(a.NameEn).text(a.Kind.String()).text(a.Normal.String()).flag(a.Control).flag(a.Header).
			floor(a.Floor).flag(a.Retired)
	}
	return nil
}

// subs puts those whose rows a batch changes: most have only moved, which their
// turnovers say.
func (f *flush) subs(b *ledger.Batch) error {
	for _, i := range latest(b.Subs, func(s *ledger.Sub) place { return place{s.Account, s.Sub} }) {
		s := &b.Subs[i]
		if f.writer.hasRow(s) {
			continue
		}
		row, err := f.row(subTable)
		if err != nil {
			return err
		}
		row.text(s.Account).text(s.Sub).flag(s.Opened).text(s.Holder).floor(s.Floor).text(s.Block.String())
	}
	return nil
}

// changes adds them with the commands that they begin, which a batch has in the
// same order.
func (f *flush) changes(b *ledger.Batch) error {
	commands := b.Commands
	var at time.Time // most have the same instant
	var recorded string
	for i := range b.Changes {
		ch := &b.Changes[i]
		if at != ch.Recorded || i == 0 {
			at, recorded = ch.Recorded, ch.Recorded.UTC().Format(instantForm)
		}
		row, err := f.row(changeTable)
		if err != nil {
			return err
		}
		row.uint(ch.Number).text(string(ch.Kind)).text(recorded).text(ch.Key).text(ch.Command)
		if ch.CommandDigest == ch.Content {
			row.null() // most commands are one entry
		} else {
			row.digest(&ch.CommandDigest)
		}
		row.digest(&ch.Content).digest(&ch.Digest).numberOr(ch.Entry)
		if ch.Document == nil {
			row.null()
		} else {
			row.text(string(ch.Document))
		}
		if len(commands) > 0 && commands[0].First == ch.Number && commands[0].Key == ch.Key {
			row.uint(commands[0].Last)
			commands = commands[1:]
		} else {
			row.null()
		}
	}
	if len(commands) > 0 {
		return fmt.Errorf("sqlledger: a batch has a command under key %q without its first change", commands[0].Key)
	}
	return nil
}

func (f *flush) entries(b *ledger.Batch) error {
	for i := range b.Changes {
		e := b.Changes[i].Posted
		if e == nil {
			continue
		}
		row, err := f.row(entryTable)
		if err != nil {
			return err
		}
		row.uint(e.Number).uint(e.Change).date(e.Date).int(int64(e.Phase)).text(e.Memo).text(e.Document).text(e.Maker).text(e.Approver).
			text(e.Source.Kind).text(e.Source.ID).int(int64(e.Source.Version)).text(e.Source.Event).text(e.Waiver).
			numberOr(e.Reverses).flag(e.Imported)
	}
	return nil
}

func (f *flush) lines(b *ledger.Batch) error {
	for i := range b.Changes {
		e := b.Changes[i].Posted
		if e == nil {
			continue
		}
		for n := range e.Lines {
			l := &e.Lines[n]
			row, err := f.row(lineTable)
			if err != nil {
				return err
			}
			row.uint(e.Number).int(int64(n + 1)).text(l.Account).text(l.Sub).money(l.Amount).date(e.Date).int(int64(e.Phase)).
				text(l.Party.Member).int(int64(l.Party.Standing)).int(int64(l.Activity))
		}
	}
	return nil
}

type dayOfSub struct {
	place
	day   ledger.Date
	phase ledger.Phase
}

func (f *flush) turnovers(b *ledger.Batch) error {
	for _, i := range latest(b.Turnovers, func(t *ledger.SubTurnover) dayOfSub { return dayOfSub{place{t.Account, t.Sub}, t.Day, t.Phase} }) {
		t := &b.Turnovers[i]
		row, err := f.row(turnoverTable)
		if err != nil {
			return err
		}
		row.text(t.Account).text(t.Sub).date(t.Day).int(int64(t.Phase)).money(t.Debit).money(t.Credit).money(t.Balance)
	}
	return nil
}

func (f *flush) records(b *ledger.Batch) error {
	for i := range b.Changes {
		r := b.Changes[i].Record
		if r == nil {
			continue
		}
		row, err := f.row(recordTable)
		if err != nil {
			return err
		}
		row.text(r.Kind).text(r.ID).int(int64(r.Version)).uint(b.Changes[i].Number).text(r.Event).text(string(r.Data)).
			int(int64(r.Format)).text(string(r.State))
	}
	return nil
}

func (f *flush) holds(b *ledger.Batch) error {
	for _, i := range latest(b.Holds, func(h *ledger.Held) string { return h.Key }) {
		h := &b.Holds[i]
		row, err := f.row(holdTable)
		if err != nil {
			return err
		}
		row.text(h.Key).text(h.Account).text(h.Sub).money(h.Amount).money(h.Left).date(h.From).date(h.Until).text(h.Reason).text(h.By)
	}
	return nil
}

// assertions are kept under the numbers of their changes, which a batch has in
// the same order.
func (f *flush) assertions(b *ledger.Batch) error {
	at := 0
	for i := range b.Assertions {
		for at < len(b.Changes) && b.Changes[at].Kind != ledger.ChangeAssertion {
			at++
		}
		if at == len(b.Changes) {
			return fmt.Errorf("sqlledger: a batch has more assertions than changes that say so")
		}
		a := &b.Assertions[i]
		row, err := f.row(assertionTable)
		if err != nil {
			return err
		}
		row.uint(b.Changes[at].Number).text(a.Key).text(a.Account).text(a.Sub).date(a.Date).money(a.Balance).text(a.Document).text(a.By)
		at++
	}
	return nil
}
