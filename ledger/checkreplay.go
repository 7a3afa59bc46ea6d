package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// checkGuards replays the documents of accounts, floors, blocks, holds and
// closings and compares what they give with what the book keeps.
var checkGuards = checking("guards", func(tx *Tx, report func(Finding)) error {
	r := replay{accounts: map[string]Account{}, subs: map[Place]Sub{}, holds: map[string]Held{}}
	for ch, err := range tx.changes(1) {
		if err != nil {
			return err
		}
		if err := r.apply(&ch); err != nil {
			report(Finding{Change: ch.Number, Text: err.Error()})
		}
	}
	return r.compare(tx, report)
})

// replay is the state that the documents of a book's changes give.
type replay struct {
	head     Head
	accounts map[string]Account
	subs     map[Place]Sub
	holds    map[string]Held
}

func (r *replay) apply(ch *Change) error {
	switch ch.Kind {
	case ChangeAccount:
		return decoded(ch, func(a Account) { r.accounts[a.Code] = a })
	case ChangeRetire:
		return decoded(ch, func(x Retirement) {
			a := r.accounts[x.Account]
			a.Retired = true
			r.accounts[x.Account] = a
		})
	case ChangeSub:
		return decoded(ch, func(o SubOpening) {
			r.sub(o.Account, o.Sub, func(s *Sub) { s.Opened, s.Holder, s.Floor = true, o.Holder, o.Floor })
		})
	case ChangeFloor:
		return decoded(ch, func(f FloorSetting) {
			if a := r.accounts[f.Account]; a.Control && f.Sub == "" {
				a.Floor = f.Floor
				r.accounts[f.Account] = a
				return
			}
			r.sub(f.Account, f.Sub, func(s *Sub) { s.Floor = f.Floor })
		})
	case ChangeBlock:
		return decoded(ch, func(b BlockSetting) { r.sub(b.Account, b.Sub, func(s *Sub) { s.Block = b.Block }) })
	case ChangeHold:
		return decoded(ch, func(h Hold) { r.holds[h.Key] = Held{Hold: h, Left: h.Amount} })
	case ChangeRelease:
		return decoded(ch, func(x Release) {
			held := r.holds[x.Hold]
			held.Left = held.Left.Sub(x.Amount)
			r.holds[x.Hold] = held
		})
	case ChangeClosing:
		return decoded(ch, func(c PeriodClosing) { r.head.close(c) })
	case ChangeReopening:
		return decoded(ch, func(o PeriodReopening) { r.head.Closed, r.head.SoftClosed = o.Through, o.SoftThrough })
	}
	return nil
}

func decoded[T any](ch *Change, apply func(T)) error {
	var doc T
	if err := json.Unmarshal(ch.Document, &doc); err != nil {
		return fmt.Errorf("its document cannot be read: %w", err)
	}
	apply(doc)
	return nil
}

func (r *replay) sub(account, sub string, change func(*Sub)) {
	s := r.subs[Place{account, sub}]
	change(&s)
	r.subs[Place{account, sub}] = s
}

func (r *replay) compare(tx *Tx, report func(Finding)) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	if head.Closed != r.head.Closed || head.SoftClosed != r.head.SoftClosed {
		report(Finding{Text: fmt.Sprintf("the head says closed through %s and softly through %s, the changes give %s and %s",
			head.Closed, head.SoftClosed, r.head.Closed, r.head.SoftClosed)})
	}
	for account, err := range tx.Accounts() {
		if err != nil {
			return err
		}
		if account != r.accounts[account.Code] {
			report(Finding{Account: account.Code, Text: "is not as the changes made it"})
		}
		delete(r.accounts, account.Code)
		for sub, err := range tx.Subs(account.Code, "") {
			if err != nil {
				return err
			}
			want := r.subs[Place{account.Code, sub.Sub}]
			if !sub.guardedAs(&want) {
				report(Finding{Account: account.Code, Sub: sub.Sub, Text: "its holder, floor or block is not as the changes made it"})
			}
			delete(r.subs, Place{account.Code, sub.Sub})
		}
	}
	for _, code := range slices.Sorted(maps.Keys(r.accounts)) {
		report(Finding{Account: code, Text: "is missing from the chart"})
	}
	for _, key := range slices.SortedFunc(maps.Keys(r.subs), Place.Compare) {
		report(Finding{Account: key.Account, Sub: key.Sub, Text: "its row is missing"})
	}
	for _, key := range slices.Sorted(maps.Keys(r.holds)) {
		want := r.holds[key]
		held, found, err := tx.HeldUnder(key)
		if err != nil {
			return err
		}
		if !found || held != want {
			report(Finding{Account: want.Account, Sub: want.Sub, Text: fmt.Sprintf("hold %q is not as the changes made it", clip(key))})
		}
	}
	return nil
}

// checkRecords looks that every record's versions follow each other, that
// reading one by its number gives what its change wrote, and that every entry
// which comes from a contract was posted by the command that moved the contract.
var checkRecords = checking("records", func(tx *Tx, report func(Finding)) error {
	versions := make(map[recordID]int)
	sources := sourceCheck{open: make(map[claim][]Finding)}
	for ch, err := range tx.changes(1) {
		if err != nil {
			return err
		}
		sources.see(&ch)
		if ch.Record == nil {
			continue
		}
		id := recordID{ch.Record.Kind, ch.Record.ID}
		versions[id]++
		if ch.Record.Version != versions[id] {
			report(Finding{Change: ch.Number, Text: fmt.Sprintf("record %s %s: version %d follows version %d", id.kind, id.id, ch.Record.Version, versions[id]-1)})
		}
		kept, found, err := tx.reader.Record(id.kind, id.id, ch.Record.Version)
		if err != nil {
			return err
		}
		if !found || !ch.Record.writtenBy(&ch) || !kept.sameAs(ch.Record) {
			report(Finding{Change: ch.Number, Text: fmt.Sprintf("record %s %s: read by its version %d it is another", id.kind, id.id, ch.Record.Version)})
		}
	}
	byKindAndID := func(a, b recordID) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) }
	for _, id := range slices.SortedFunc(maps.Keys(versions), byKindAndID) {
		version := versions[id]
		latest, found, err := tx.Record(id.kind, id.id)
		if err != nil {
			return err
		}
		if !found || latest.Version != version {
			report(Finding{Text: fmt.Sprintf("record %s %s: the latest version is %d, the changes give %d", id.kind, id.id, latest.Version, version)})
		}
	}
	return sources.report(tx, report)
})

var checkAssertions = checking("assertions", func(tx *Tx, report func(Finding)) error {
	for a, err := range tx.Assertions() {
		if err != nil {
			return err
		}
		balance, err := tx.Balance(a.Account, a.Sub, EndOf(a.Date))
		if err != nil {
			return err
		}
		if balance != a.Balance {
			report(Finding{Account: a.Account, Sub: a.Sub, Text: fmt.Sprintf("asserted as %s on %s (%q), now %s",
				tx.currency.Format(a.Balance), a.Date, clip(a.Key), tx.currency.Format(balance))})
		}
	}
	return nil
})
