package ledger

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// checkEntries looks at each entry by itself, and that reading it by its
// number and by its lines gives the same.
var checkEntries = checking("entries", func(tx *Tx, report func(Finding)) error {
	for ch, err := range tx.changes(1) {
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
		if !found || !kept.sameAs(ch.Posted, &ch) {
			say("read by its number it is another")
		}
	}
	return nil
})

var checkReversals = checking("reversals", func(tx *Tx, report func(Finding)) error {
	for posted, err := range tx.entries(1, math.MaxUint64) { // beyond the head too
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
	for ch, err := range tx.changes(1) {
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
	for ch, err := range tx.changes(1) {
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
	for _, key := range slices.SortedFunc(maps.Keys(want), Place.Compare) {
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
