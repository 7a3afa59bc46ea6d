package ledgertest

import (
	"fmt"
	"slices"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// compare asks book and model the same questions about where the book stands.
func (e *exercise) compare() {
	e.Helper()
	err := e.book.View(e.ctx, func(tx *ledger.Tx) error {
		for _, ask := range []func(*ledger.Tx) error{
			e.compareHead, e.compareBalances, e.compareSums, e.compareLines, e.compareSubs, e.compareRecords, e.compareEntries, e.compareAssertions,
		} {
			if err := ask(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		e.fail("%v", err)
	}
}

func differ(what string, got, want any) error {
	return fmt.Errorf("%s: the book says %v, the model %v", what, got, want)
}

func (e *exercise) compareHead(tx *ledger.Tx) error {
	head, err := tx.Head()
	closed, soft := e.model.Closed()
	want := ledger.Head{
		Book: tx.Book(), Currency: tx.Currency(), Digest: head.Digest,
		Change: e.model.Changes(), Entries: e.model.Entries(), Closed: closed, SoftClosed: soft,
	}
	if err == nil && head != want {
		return differ("the head", head, want)
	}
	return err
}

// moment makes up a point at which to read balances.
func (e *exercise) moment() (ledger.Moment, ledger.Date, ledger.Phase, uint64) {
	day := e.ops.day.AddDays(e.rng.IntN(80) - 60)
	at, phase, asOf := ledger.EndOf(day), ledger.Closing, uint64(0)
	switch e.rng.IntN(4) {
	case 0:
		at, phase = at.BeforeClosing(), ledger.Adjusting
	case 1:
		at, phase = at.BeforeAdjusting(), ledger.Ordinary
	}
	if e.rng.IntN(2) == 0 {
		asOf = 1 + uint64(e.rng.Int64N(int64(e.model.Changes())))
		at = at.AsOf(asOf)
	}
	return at, day, phase, asOf
}

// compareBalances compares the trial balance at some moments.
func (e *exercise) compareBalances(tx *ledger.Tx) error {
	for range 4 {
		at, day, phase, asOf := e.moment()
		want := e.model.Balances(day, phase, asOf)
		what := fmt.Sprintf("balance on %s, %s, as of %d, of ", day, phase, asOf)
		last := [2]string{}
		var total ledger.Money
		for b, err := range tx.Balances(at) {
			if err != nil {
				return err
			}
			key := [2]string{b.Account.Code, b.Sub}
			if slices.Compare(last[:], key[:]) >= 0 && last != [2]string{} {
				return differ("order of balances", key, last)
			}
			if b.Amount != want[key] {
				return differ(what+b.Account.Code+"/"+b.Sub, b.Amount, want[key])
			}
			delete(want, key)
			last, total = key, total.Add(b.Amount)
		}
		if len(want) > 0 || !total.IsZero() {
			return differ(what+"what was not listed", total, want)
		}
		if err := e.compareSubLedger(tx, at, what); err != nil {
			return err
		}
		for _, p := range e.ops.pick(3) {
			balance, err := tx.Balance(p.account, p.sub, at)
			if want := e.model.Balance(p.account, p.sub, day, phase, asOf); err != nil || balance != want {
				return differ(what+p.account+"/"+p.sub, fmt.Sprint(balance, err), want)
			}
		}
	}
	return nil
}

// compareSubLedger compares the pages of a control account's sub-ledger with
// its listing in the trial balance.
func (e *exercise) compareSubLedger(tx *ledger.Tx, at ledger.Moment, what string) error {
	var want []ledger.Balance
	for b, err := range tx.Balances(at) {
		if err != nil {
			return err
		}
		if b.Account.Code == savings {
			want = append(want, b)
		}
	}
	after := ""
	for i := 0; ; i++ {
		var page []ledger.Balance
		for b, err := range tx.SubBalances(savings, after, at) {
			if err != nil {
				return err
			}
			if page = append(page, b); len(page) == 2 {
				break
			}
		}
		if len(page) == 0 && i == (len(want)+1)/2 {
			return nil
		}
		if rest := want[min(2*i, len(want)):]; !slices.Equal(page, rest[:min(2, len(rest))]) {
			return differ(fmt.Sprintf("%ssubs after %q", what, after), page, rest)
		}
		after = page[len(page)-1].Sub
	}
}

// compareSums compares turnovers, balance-days and what is available.
func (e *exercise) compareSums(tx *ledger.Tx) error {
	for _, p := range e.ops.pick(6) {
		span := ledger.Span{From: e.ops.day.AddDays(-e.rng.IntN(60)), Before: ledger.Phase(e.rng.IntN(3))}
		span.Through = span.From.AddDays(e.rng.IntN(40))
		what := fmt.Sprintf("%s/%s %+v", p.account, p.sub, span)
		debit, credit, err := tx.Turnover(p.account, p.sub, span)
		wantDebit, wantCredit := e.model.Turnover(p.account, p.sub, span)
		if err != nil || debit != wantDebit || credit != wantCredit {
			return differ("turnover "+what, fmt.Sprint(debit, credit, err), fmt.Sprint(wantDebit, wantCredit))
		}
		days, err := tx.BalanceDays(p.account, p.sub, span.From, span.Through)
		if want := e.model.BalanceDays(p.account, p.sub, span.From, span.Through); err != nil || days != want {
			return differ("balance-days "+what, fmt.Sprint(days, err), want)
		}
		if e.model.accounts[p.account].Control && p.sub == "" {
			continue
		}
		available, err := tx.Available(p.account, p.sub, span.From)
		if want := e.model.Available(p.account, p.sub, span.From); err != nil || available != want {
			return differ("available "+what, fmt.Sprint(available, err), want)
		}
		holds, err := tx.Holds(p.account, p.sub)
		if want := e.model.Holds(p.account, p.sub); err != nil || !slices.Equal(holds, want) {
			return differ("holds "+what, fmt.Sprint(holds, err), want)
		}
	}
	return nil
}

// query makes up a line query.
func (e *exercise) query() ledger.LineQuery {
	q := ledger.LineQuery{Descending: e.rng.IntN(2) == 0}
	if e.rng.IntN(4) > 0 {
		p := e.ops.pick(1)[0]
		q.Account, q.Sub = p.account, p.sub
		q.AllSubs = e.rng.IntN(3) == 0
		if q.AllSubs {
			q.Sub = ""
		}
	}
	if e.rng.IntN(3) == 0 {
		q.From = e.ops.day.AddDays(-e.rng.IntN(60))
	}
	if e.rng.IntN(3) == 0 {
		q.Through = e.ops.day.AddDays(-e.rng.IntN(30))
	}
	if e.rng.IntN(4) == 0 {
		q.Party = e.ops.member()
	}
	if e.rng.IntN(6) == 0 {
		q.Source = rarely(e.ops, 2, "murabahah", "murabahah/"+e.ops.member())
	}
	if e.rng.IntN(4) == 0 {
		q.After = uint64(e.rng.Int64N(int64(e.model.Changes())))
	}
	return q
}

// compareLines compares line queries, whole and in pages.
func (e *exercise) compareLines(tx *ledger.Tx) error {
	for range 4 {
		q := e.query()
		want := e.model.Lines(q)
		page := 1 + e.rng.IntN(30)
		for got := 0; ; {
			n := 0
			for line, err := range tx.Lines(q) {
				if err != nil {
					return err
				}
				found := ModelLine{line.Entry, line.No, line.Amount}
				if got >= len(want) || found != want[got] {
					return differ(fmt.Sprintf("line %d of %+v", got, q), found, want[min(got, len(want)):])
				}
				of := e.model.entries[line.Entry-1]
				if line.Line != of.Lines[line.No-1] || line.Change != of.change || line.Date != of.Date || line.Phase != of.Phase ||
					line.Key != of.Key || line.Memo != of.Memo || line.Source != of.Source {
					return differ(fmt.Sprintf("line %d of entry %d", line.No, line.Entry), line, of)
				}
				got, n = got+1, n+1
				q.Cursor = line.Cursor()
				if n == page && e.rng.IntN(4) > 0 { // at times one long page
					break
				}
			}
			if n == 0 {
				if got != len(want) {
					return differ(fmt.Sprintf("lines of %+v", q), got, len(want))
				}
				break
			}
		}
	}
	return nil
}

func (e *exercise) compareSubs(tx *ledger.Tx) error {
	account, after := one(e.ops, savings, wadiah, cash, "10409"), one(e.ops, "", "M2", "M33", "ZZ")
	want := e.model.Subs(account, after)
	i := 0
	for s, err := range tx.Subs(account, after) {
		if err != nil {
			return err
		}
		got := ModelSub{s.Sub, s.Opened, s.Holder, s.Floor, s.Block, s.Last, s.LastDay}
		if i >= len(want) || got != want[i] {
			return differ(fmt.Sprintf("sub %d of %s after %q", i, account, after), got, want[min(i, len(want)):])
		}
		i++
	}
	if i != len(want) {
		return differ("subs of "+account, i, len(want))
	}
	return nil
}

func sameRecord(got, want ledger.Record) bool {
	return got.Kind == want.Kind && got.ID == want.ID && got.Version == want.Version && got.Event == want.Event &&
		string(got.Data) == string(want.Data) && string(got.State) == string(want.State) && got.Format == want.Format &&
		got.Key == want.Key && got.Change == want.Change && got.Recorded.Equal(recorded) && got.Recorded.Location() == time.UTC
}

func (e *exercise) compareRecords(tx *ledger.Tx) error {
	kind, after := one(e.ops, "murabahah", "savings", "none"), one(e.ops, "", "M2", "M9")
	want := e.model.Records(kind, after)
	i := 0
	for r, err := range tx.Records(kind, after) {
		if err != nil {
			return err
		}
		if i >= len(want) || !sameRecord(r, want[i]) {
			return differ(fmt.Sprintf("record %d of %s after %q", i, kind, after), r, want[min(i, len(want)):])
		}
		i++
	}
	if i != len(want) {
		return differ("records of "+kind, i, len(want))
	}
	id := e.ops.member()
	versions := e.model.records[kind+"/"+id]
	i = 0
	for r, err := range tx.History(kind, id) {
		if err != nil {
			return err
		}
		if i >= len(versions) || !sameRecord(r, versions[i]) {
			return differ(fmt.Sprintf("version %d of %s/%s", i+1, kind, id), r, len(versions))
		}
		i++
	}
	if i != len(versions) {
		return differ("versions of "+kind+"/"+id, i, len(versions))
	}
	return nil
}

// compareEntries compares the last entries and one from anywhere.
func (e *exercise) compareEntries(tx *ledger.Tx) error {
	n := e.model.Entries()
	if n == 0 {
		return nil
	}
	for _, number := range []uint64{n, 1 + uint64(e.rng.Int64N(int64(n))), 1 + uint64(e.rng.Int64N(int64(n)))} {
		want := e.model.entries[number-1]
		got, found, err := tx.Entry(number)
		if err != nil {
			return err
		}
		if !found || got.Number != number || got.Change != want.change || got.Reverses != want.reverses || got.ReversedBy != want.reversedBy ||
			got.Key != want.Key || got.Date != want.Date || got.Memo != want.Memo || got.Phase != want.Phase || got.Source != want.Source ||
			got.Waiver != want.Waiver || !slices.Equal(got.Lines, want.Lines) {
			return differ(fmt.Sprintf("entry %d", number), got, want)
		}
	}
	_, found, err := tx.Entry(n + 1)
	if err == nil && found {
		return differ("an entry that was never posted", n+1, "none")
	}
	return err
}

func (e *exercise) compareAssertions(tx *ledger.Tx) error {
	var all []ledger.Assertion
	for a, err := range tx.Assertions() {
		if err != nil {
			return err
		}
		all = append(all, a)
	}
	if !slices.Equal(all, e.model.assertions) {
		return differ("the assertions", all, e.model.assertions)
	}
	return nil
}
