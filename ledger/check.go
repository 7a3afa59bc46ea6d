package ledger

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
)

// Finding is one contradiction in the books.
type Finding struct {
	Check   string // the check that found it
	Change  uint64 // the change it concerns, 0 for none
	Entry   uint64 // the entry it concerns, 0 for none
	Account string
	Sub     string
	Text    string // what is wrong, with both values
}

// String says what is wrong and where, in one line.
func (f Finding) String() string {
	where := ""
	if f.Change != 0 {
		where += fmt.Sprintf("change %d: ", f.Change)
	}
	if f.Entry != 0 {
		where += fmt.Sprintf("entry %d: ", f.Entry)
	}
	if f.Account != "" {
		where += "account " + place(f.Account, f.Sub) + ": "
	}
	return f.Check + ": " + where + f.Text
}

// CheckFunc examines one invariant and yields everything that breaks it.
// Contract packages give theirs to [Book.Check]: that records replay, that a
// contract agrees with its subs.
type CheckFunc func(*Tx) iter.Seq2[Finding, error]

// bookChecks are the book's own invariants, one function each.
func bookChecks() []CheckFunc {
	return []CheckFunc{
		checkChain(Head{}), checkEntries, checkReversals, checkCommands,
		checkTurnovers, checkGuards, checkRecords, checkAssertions,
	}
}

// checking makes a CheckFunc from a function that reports through a callback.
func checking(check string, run func(tx *Tx, report func(Finding)) error) CheckFunc {
	return func(tx *Tx) iter.Seq2[Finding, error] {
		return func(yield func(Finding, error) bool) {
			open := true
			err := run(tx, func(f Finding) {
				f.Check = check
				open = open && yield(f, nil)
			})
			if err != nil && open {
				yield(Finding{}, err)
			}
		}
	}
}

// checkChain recomputes every digest from an anchor on, and that numbers have
// no gaps and end at the head.
func checkChain(anchor Head) CheckFunc {
	return checking("chain", func(tx *Tx, report func(Finding)) error {
		last, entries := anchor.Change, anchor.Entries
		previous := anchor.Digest
		var c Content
		for ch, err := range tx.Changes(anchor.Change + 1) {
			if err != nil {
				return err
			}
			if ch.Number != last+1 {
				report(Finding{Change: ch.Number, Text: fmt.Sprintf("follows change %d", last)})
			}
			last = ch.Number
			if ch.Posted != nil {
				if ch.Entry != entries+1 || ch.Posted.Number != ch.Entry {
					report(Finding{Change: ch.Number, Entry: ch.Entry, Text: fmt.Sprintf("entry number %d follows entry %d", ch.Posted.Number, entries)})
				}
				entries = ch.Entry
			}
			if content := c.contentOf(&ch); content != ch.Content {
				report(Finding{Change: ch.Number, Entry: ch.Entry, Text: fmt.Sprintf("the content's digest is %s, recorded as %s", short(content), short(ch.Content))})
			}
			c.buf = c.buf[:0]
			if link := c.link(tx.book, previous, &ch).Digest(); link != ch.Digest {
				report(Finding{Change: ch.Number, Text: fmt.Sprintf("the chain's digest is %s, recorded as %s", short(link), short(ch.Digest))})
			}
			previous = ch.Digest
		}
		head, err := tx.Head()
		if err != nil {
			return err
		}
		if head.Change != last || head.Entries != entries || head.Digest != previous {
			report(Finding{Change: head.Change, Text: fmt.Sprintf("the head stands at change %d and entry %d (%s), the last found are %d and %d (%s)",
				head.Change, head.Entries, short(head.Digest), last, entries, short(previous))})
		}
		return nil
	})
}

// checkAnchor looks that the change an anchor names is still there, with the
// anchor's digest: a tail that was cut off or a chain that was rewritten shows.
func checkAnchor(anchor Head) CheckFunc {
	return checking("anchor", func(tx *Tx, report func(Finding)) error {
		if anchor.Change == 0 {
			return nil
		}
		ch, found, err := tx.change(anchor.Change)
		switch {
		case err != nil:
			return err
		case !found:
			report(Finding{Change: anchor.Change, Text: "the anchor names it, but the book ends before"})
		case ch.Digest != anchor.Digest:
			report(Finding{Change: anchor.Change, Text: fmt.Sprintf("its digest is %s, the anchor's %s", short(ch.Digest), short(anchor.Digest))})
		}
		return nil
	})
}

// contentOf computes the digest of what a change wrote.
func (c *Content) contentOf(ch *Change) Digest {
	c.buf = c.buf[:0]
	switch {
	case ch.Kind == ChangeEntry && ch.Posted != nil:
		return c.entry(&ch.Posted.Entry, ch.Posted.Reverses, ch.Posted.Imported).Digest()
	case ch.Kind == ChangeRecord && ch.Record != nil:
		return c.record(ch.Record).Digest()
	}
	return c.document(ch.Kind, ch.Document).Digest()
}

// checkEntries looks at each entry by itself, and that reading it by its
// number and by its lines gives the same.
var checkEntries = checking("entries", func(tx *Tx, report func(Finding)) error {
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if ch.Posted == nil {
			continue
		}
		say := func(format string, args ...any) {
			report(Finding{Change: ch.Number, Entry: ch.Entry, Text: fmt.Sprintf(format, args...)})
		}
		var sum BalanceDays // 128 bits: partial sums may exceed the largest amount
		for i, l := range ch.Posted.Lines {
			if l.Amount.IsZero() || l.Amount.Err() != nil {
				say("line %d has the amount %s", i+1, l.Amount)
			}
			sum = sum.Add(l.Amount.Over(1))
		}
		if sum != (BalanceDays{}) {
			say("the lines sum to %s minor units", sum)
		}
		if len(ch.Posted.Lines) < 2 {
			say("has %d lines", len(ch.Posted.Lines))
		}
		kept, found, err := tx.Entry(ch.Entry)
		if err != nil {
			return err
		}
		if !found || kept.Change != ch.Number || !slices.Equal(kept.Lines, ch.Posted.Lines) {
			say("read by its number it is another")
		}
	}
	return nil
})

var checkReversals = checking("reversals", func(tx *Tx, report func(Finding)) error {
	for posted, err := range tx.Entries(1) {
		if err != nil {
			return err
		}
		if posted.Reverses == 0 {
			continue
		}
		original, found, err := tx.Entry(posted.Reverses)
		if err != nil {
			return err
		}
		say := func(text string) { report(Finding{Change: posted.Change, Entry: posted.Number, Text: text}) }
		if !found {
			say(fmt.Sprintf("reverses entry %d, which is missing", posted.Reverses))
			continue
		}
		if original.ReversedBy != posted.Number {
			say(fmt.Sprintf("reverses entry %d, which names entry %d as its reversal", posted.Reverses, original.ReversedBy))
		}
		mirror := slices.EqualFunc(posted.Lines, original.Lines, func(a, b Line) bool {
			return a.Account == b.Account && a.Sub == b.Sub && a.Amount == b.Amount.Neg()
		})
		if !mirror {
			say(fmt.Sprintf("is not the mirror of entry %d", posted.Reverses))
		}
	}
	return nil
})

// checkCommands looks that every change's command is found under its key.
var checkCommands = checking("commands", func(tx *Tx, report func(Finding)) error {
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		command, found, err := tx.Command(ch.Key)
		if err != nil {
			return err
		}
		switch {
		case !found:
			report(Finding{Change: ch.Number, Text: fmt.Sprintf("its key %q is unknown", clip(ch.Key))})
		case command.Kind != ch.Command || command.Content != ch.CommandDigest:
			report(Finding{Change: ch.Number, Text: fmt.Sprintf("its key %q stands for another command", clip(ch.Key))})
		case ch.Number < command.First || ch.Number > command.Last:
			report(Finding{Change: ch.Number, Text: fmt.Sprintf("its key %q stands for changes %d to %d", clip(ch.Key), command.First, command.Last)})
		}
	}
	return nil
})

// recount is what the lines of a book add up to.
type recount map[Place][]Turnover

func recounted(tx *Tx) (recount, error) {
	subs := make(map[Place]*stagedSub)
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return nil, err
		}
		if ch.Posted == nil {
			continue
		}
		for _, l := range ch.Posted.Lines {
			key := Place{l.Account, l.Sub}
			if subs[key] == nil {
				subs[key] = &stagedSub{}
			}
			subs[key].add(ch.Posted.Date, ch.Posted.Phase, l.Amount)
		}
	}
	rows := make(recount, len(subs))
	for key, s := range subs {
		rows[key] = s.rows
	}
	return rows, nil
}

// checkTurnovers recounts every turnover row and balance from the lines, and
// that the lines listed under a sub are those of the entries.
var checkTurnovers = checking("turnovers", func(tx *Tx, report func(Finding)) error {
	want, err := recounted(tx)
	if err != nil {
		return err
	}
	for account, err := range tx.Accounts() {
		if err != nil {
			return err
		}
		for sub, err := range tx.Subs(account.Code, "") {
			if err != nil {
				return err
			}
			key := Place{account.Code, sub.Sub}
			if err := compareTurnovers(tx, &sub, want[key], report); err != nil {
				return err
			}
			delete(want, key)
		}
	}
	for key := range want {
		report(Finding{Account: key.Account, Sub: key.Sub, Text: "has lines but no row"})
	}
	return nil
})

func compareTurnovers(tx *Tx, sub *Sub, want []Turnover, report func(Finding)) error {
	say := func(format string, args ...any) {
		report(Finding{Account: sub.Account, Sub: sub.Sub, Text: fmt.Sprintf(format, args...)})
	}
	got, err := tx.allTurnovers(sub.Account, sub.Sub)
	if err != nil {
		return err
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			say("the turnover of %s is missing", want[i].Day)
		case i >= len(want):
			say("a turnover of %s has no lines", got[i].Day)
		case got[i] != want[i]:
			say("the turnover of %s (%s) is debit %s credit %s balance %s, the lines give debit %s credit %s balance %s", got[i].Day, got[i].Phase,
				tx.currency.Format(got[i].Debit), tx.currency.Format(got[i].Credit), tx.currency.Format(got[i].Balance),
				tx.currency.Format(want[i].Debit), tx.currency.Format(want[i].Credit), tx.currency.Format(want[i].Balance))
		default:
			continue
		}
		break
	}
	last := Turnover{}
	if n := len(want); n > 0 {
		last = want[n-1]
	}
	if sub.Last != last.Balance || sub.LastDay != last.Day {
		say("its row says %s on %s, the lines give %s on %s", tx.currency.Format(sub.Last), sub.LastDay, tx.currency.Format(last.Balance), last.Day)
	}
	return compareLines(tx, sub, last.Balance, say)
}

func compareLines(tx *Tx, sub *Sub, want Money, say func(string, ...any)) error {
	var sum BalanceDays // 128 bits: by date, partial sums may be no balance that ever was
	var previous PostedLine
	q := LineQuery{Account: sub.Account, Sub: sub.Sub}
	for line, err := range tx.Lines(q) {
		if err != nil {
			return err
		}
		if previous.Entry != 0 && q.Compare(previous, line) >= 0 {
			say("its lines are out of order at entry %d", line.Entry)
		}
		previous, sum = line, sum.Add(line.Amount.Over(1))
	}
	if sum != want.Over(1) {
		say("its lines list %s minor units, the entries give %s", sum, want)
	}
	return nil
}

// checkGuards replays the documents of accounts, floors, blocks, holds and
// closings and compares what they give with what the book keeps.
var checkGuards = checking("guards", func(tx *Tx, report func(Finding)) error {
	r := replay{accounts: map[string]Account{}, subs: map[Place]Sub{}, holds: map[string]Held{}}
	for ch, err := range tx.Changes(1) {
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
			if sub.Opened != want.Opened || sub.Holder != want.Holder || sub.Floor != want.Floor || sub.Block != want.Block {
				report(Finding{Account: account.Code, Sub: sub.Sub, Text: "its holder, floor or block is not as the changes made it"})
			}
			delete(r.subs, Place{account.Code, sub.Sub})
		}
	}
	for code := range r.accounts {
		report(Finding{Account: code, Text: "is missing from the chart"})
	}
	for key := range r.subs {
		report(Finding{Account: key.Account, Sub: key.Sub, Text: "its row is missing"})
	}
	for key, want := range r.holds {
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

// checkRecords looks that every record's versions follow each other.
var checkRecords = checking("records", func(tx *Tx, report func(Finding)) error {
	versions := make(map[recordID]int)
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if ch.Record == nil {
			continue
		}
		id := recordID{ch.Record.Kind, ch.Record.ID}
		versions[id]++
		if ch.Record.Version != versions[id] {
			report(Finding{Change: ch.Number, Text: fmt.Sprintf("record %s %s: version %d follows version %d", id.kind, id.id, ch.Record.Version, versions[id]-1)})
		}
	}
	for id, version := range versions {
		latest, found, err := tx.Record(id.kind, id.id)
		if err != nil {
			return err
		}
		if !found || latest.Version != version {
			report(Finding{Text: fmt.Sprintf("record %s %s: the latest version is %d, the changes give %d", id.kind, id.id, latest.Version, version)})
		}
	}
	return nil
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
