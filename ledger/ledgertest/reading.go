package ledgertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// november posts a month of a member's savings, not in the order of the days.
func (t *trial) november() {
	t.post(deposit("N1", nov(10), "M1", 1000))
	t.post(deposit("N2", nov(20), "M1", 500))
	t.post(deposit("N3", nov(5), "M1", 200))
	t.post(withdrawal("N4", nov(20), "M1", 300))
	t.post(deposit("N5", nov(10), "M2", 70))
	t.post(deposit("N6", nov(25), "M1", 1))
	t.post(withdrawal("N7", nov(12), "M1", 4))
}

func (t *trial) balanceAtAnyDate() {
	t.november()
	for day, want := range map[int]int64{1: 0, 4: 0, 5: -200, 9: -200, 10: -1200, 11: -1200, 12: -1196, 19: -1196, 20: -1396, 24: -1396, 25: -1397, 30: -1397} {
		t.stands(savings, "M1", ledger.EndOf(nov(day)), want)
	}
	t.stands(savings, "", ledger.EndOf(nov(9)), -200)
	t.stands(savings, "", ledger.EndOf(nov(10)), -1270)
	t.stands(savings, "", ledger.Latest(), -1467)
	t.stands(savings, "M9", ledger.Latest(), 0)
	t.stands(cash, "", ledger.EndOf(nov(12)), 1266)
	t.stands(cash, "", ledger.EndOf(ledger.On(1999, 12, 31)), 0)
	t.view(func(tx *ledger.Tx) {
		var shown []string
		for _, b := range list(t, tx.Balances(ledger.EndOf(nov(12)))) {
			shown = append(shown, fmt.Sprintf("%s/%s %s", b.Account.Code, b.Sub, show(b.Amount)))
		}
		same(t, "the trial balance", strings.Join(shown, ", "), "10102/ 1266, 30101/M1 -1196, 30101/M2 -70")
		page := func(account, after string, at ledger.Moment) string {
			var shown []string
			for _, b := range list(t, tx.SubBalances(account, after, at)) {
				shown = append(shown, b.Sub+" "+show(b.Amount))
			}
			return strings.Join(shown, ", ")
		}
		at := ledger.EndOf(nov(12))
		same(t, "the sub-ledger", page(savings, "", at), "M1 -1196, M2 -70")
		same(t, "its next page", page(savings, "M1", at), "M2 -70")
		same(t, "the page after the last", page(savings, "M2", at), "")
		same(t, "the sub-ledger a week earlier", page(savings, "", ledger.EndOf(nov(5))), "M1 -200")
		same(t, "an account without subs", page(cash, "", at), " 1266")
		for _, err := range tx.SubBalances("77777", "", at) {
			t.refused(err, ledger.CodeAccountUnknown)
		}
		_, err := tx.Balance("77777", "", ledger.Latest())
		t.refused(err, ledger.CodeAccountUnknown)
		_, err = tx.Balance(cash, "M1", ledger.Latest())
		t.refused(err, ledger.CodeSubNotAllowed)
	})
}

func (t *trial) balanceAsOfAnyChange() {
	base := t.head().Change
	t.november()
	asOf := func(n int) ledger.Moment { return ledger.EndOf(nov(30)).AsOf(base + uint64(n)) }
	for n, want := range []int64{0, -1000, -1500, -1700, -1400, -1400, -1401, -1397} {
		t.stands(savings, "M1", asOf(n), want)
	}
	for n, want := range []int64{0, -1000, -1500, -1700, -1400, -1470, -1471, -1467} {
		t.stands(savings, "", asOf(n), want)
	}
	t.stands(savings, "M1", ledger.EndOf(nov(12)).AsOf(base+6), -1200)
	t.stands(savings, "M1", ledger.EndOf(nov(12)).AsOf(base+2), -1000)
	t.stands(savings, "M1", ledger.EndOf(nov(7)).AsOf(base+2), 0)
	t.stands(cash, "", asOf(3), 1700)
	t.stands(cash, "", asOf(99), 1467)
	// What an old view saw is what as-of says afterwards.
	sums := map[uint64]ledger.Money{}
	for i := range 20 {
		t.post(deposit(fmt.Sprintf("V%d", i), nov(30-i), "M1", int64(i+1)))
		sums[t.head().Change] = t.balance(savings, "M1", ledger.EndOf(nov(20)))
	}
	for change, want := range sums {
		same(t, fmt.Sprintf("the balance as of %d", change), t.balance(savings, "M1", ledger.EndOf(nov(20)).AsOf(change)), want)
	}
}

func (t *trial) phases() {
	in := func(e ledger.Entry, p ledger.Phase) ledger.Entry { e.Phase = p; return e }
	day := ledger.On(2026, 12, 31)
	t.post(in(move("Z1", day, income, result, 100), ledger.Closing))
	t.post(in(move("J1", day, cash, income, 30), ledger.Adjusting))
	t.post(move("I1", day, cash, income, 70))
	at := ledger.EndOf(day)
	t.stands(income, "", at, 0)
	t.stands(income, "", at.BeforeClosing(), -100)
	t.stands(income, "", at.BeforeAdjusting(), -70)
	t.stands(income, "", ledger.EndOf(day.Next()).BeforeAdjusting(), 0)
	t.stands(result, "", at.BeforeClosing(), 0)
	first := t.head().Change - 2
	t.stands(income, "", at.AsOf(first), 100)
	t.stands(income, "", at.BeforeClosing().AsOf(first), 0)
	t.view(func(tx *ledger.Tx) {
		rows := list(t, tx.Turnovers(income, "", day, day))
		want := []ledger.Turnover{
			{Day: day, Phase: ledger.Ordinary, Credit: rp(70), Balance: rp(-70)},
			{Day: day, Phase: ledger.Adjusting, Credit: rp(30), Balance: rp(-100)},
			{Day: day, Phase: ledger.Closing, Debit: rp(100)},
		}
		if !slices.Equal(rows, want) {
			t.Fatalf("the turnovers are %+v", rows)
		}
		year := ledger.Span{From: ledger.On(2026, 1, 1), Through: day}
		_, credit, err := tx.Turnover(income, "", year.BeforeClosing())
		t.must(err)
		same(t, "the year's income", credit, rp(100))
		// Of balance-days a phase is left out on its own day alone.
		for _, before := range []ledger.Phase{ledger.Ordinary, ledger.Adjusting, ledger.Closing} {
			span := ledger.Span{From: day.AddDays(-2), Through: day.AddDays(2), Before: before}
			var want ledger.BalanceDays
			for each := span.From; !each.After(span.Through); each = each.Next() {
				at := ledger.EndOf(each)
				switch before {
				case ledger.Adjusting:
					at = at.BeforeAdjusting()
				case ledger.Closing:
					at = at.BeforeClosing()
				}
				balance, err := tx.Balance(income, "", at)
				t.must(err)
				want = want.Add(balance.Over(1))
			}
			days, err := tx.BalanceDaysIn(income, "", span)
			t.must(err)
			same(t, fmt.Sprintf("balance-days before phase %d", before), days, want)
		}
	})
}

func (t *trial) turnoversAndBalanceDays() {
	t.november()
	t.view(func(tx *ledger.Tx) {
		for _, c := range []struct {
			sub           string
			from, through int
			debit, credit int64
			days          int64
		}{
			{"M1", 1, 30, 304, 1701, 200*5 + 1200*2 + 1196*8 + 1396*5 + 1397*6},
			{"M1", 10, 12, 4, 1000, 1200*2 + 1196},
			{"M1", 13, 19, 0, 0, 1196 * 7},
			{"M1", 20, 20, 300, 500, 1396},
			{"M1", 1, 4, 0, 0, 0},
			{"M2", 1, 30, 0, 70, 70 * 21},
			{"", 10, 10, 0, 1070, 1270},
			{"M9", 1, 30, 0, 0, 0},
		} {
			what := fmt.Sprintf("%s from %d through %d", c.sub, c.from, c.through)
			debit, credit, err := tx.Turnover(savings, c.sub, ledger.Span{From: nov(c.from), Through: nov(c.through)})
			t.must(err)
			same(t, "debit of "+what, debit, rp(c.debit))
			same(t, "credit of "+what, credit, rp(c.credit))
			days, err := tx.BalanceDays(savings, c.sub, nov(c.from), nov(c.through))
			t.must(err)
			same(t, "balance-days of "+what, days, rp(-c.days).Over(1))
		}
		rows := list(t, tx.Turnovers(savings, "M1", nov(10), nov(24)))
		want := []ledger.Turnover{
			{Day: nov(10), Credit: rp(1000), Balance: rp(-1200)},
			{Day: nov(12), Debit: rp(4), Balance: rp(-1196)},
			{Day: nov(20), Debit: rp(300), Credit: rp(500), Balance: rp(-1396)},
		}
		if !slices.Equal(rows, want) {
			t.Fatalf("the turnovers are %+v", rows)
		}
		_, err := tx.BalanceDays("77777", "", nov(1), nov(30))
		t.refused(err, ledger.CodeAccountUnknown)
		if _, err := tx.BalanceDays(savings, "M1", nov(30), nov(1)); err == nil {
			t.Fatalf("a span that ends before it begins is taken")
		}
	})
}

// shown is lines as entry.line, in their order.
func (t *trial) shown(q ledger.LineQuery) string {
	t.Helper()
	var all []string
	t.view(func(tx *ledger.Tx) {
		for _, l := range list(t, tx.Lines(q)) {
			all = append(all, fmt.Sprintf("%d.%d", l.Entry, l.No))
		}
	})
	return strings.Join(all, " ")
}

func (t *trial) lines() {
	t.november()
	party := deposit("N8", nov(12), "M1", 5) // same day as N7: by number
	party.Lines[1] = party.Lines[1].With(ledger.Party{Member: "A-1", Standing: ledger.Member})
	party.Source = ledger.Source{Kind: "murabahah", ID: "K-1", Version: 1, Event: "pay"}
	t.event(party)
	twice := ledger.Entry{Key: "N9", Date: nov(1), Lines: []ledger.Line{ // the same sub twice in one entry
		ledger.Credit(savings, rp(1)).For("M1"), ledger.Credit(savings, rp(2)).For("M1"), ledger.Debit(cash, rp(3)),
	}}
	twice.Source = ledger.Source{Kind: "murabahah", ID: "K-2", Version: 1, Event: "pay"}
	t.event(twice)
	base := uint64(1 + len(Chart()))
	for want, q := range map[string]ledger.LineQuery{
		"9.1 9.2 3.2 1.2 7.1 8.2 2.2 4.1 6.2":     {Account: savings, Sub: "M1"},
		"6.2 4.1 2.2 8.2 7.1 1.2 3.2 9.2 9.1":     {Account: savings, Sub: "M1", Descending: true},
		"1.2 7.1 8.2":                             {Account: savings, Sub: "M1", From: nov(6), Through: nov(12)},
		"8.2 7.1 1.2":                             {Account: savings, Sub: "M1", From: nov(6), Through: nov(12), Descending: true},
		"2.2 4.1 6.2":                             {Account: savings, Sub: "M1", From: nov(13)},
		"9.1 9.2 3.2":                             {Account: savings, Sub: "M1", Through: nov(9)},
		"1.2 2.2 3.2 4.1 5.2 6.2 7.1 8.2 9.1 9.2": {Account: savings, AllSubs: true},
		"9.2 9.1 8.2 7.1 6.2 5.2 4.1 3.2 2.2 1.2": {Account: savings, AllSubs: true, Descending: true},
		"8.2":                             {Party: "A-1"},
		"8.1 8.2 9.1 9.2 9.3":             {Source: "murabahah"},
		"9.1 9.2 9.3":                     {Source: "murabahah/K-2"},
		"9.3 8.1":                         {Source: "murabahah", Account: cash, Descending: true, From: nov(1), AllSubs: true},
		"7.1 7.2 8.1 8.2 9.1 9.2 9.3":     {After: base + 6},
		"9.1 9.2 7.1 8.2":                 {Account: savings, Sub: "M1", After: base + 6},
		"":                                {Account: savings, Sub: "M9"},
		"8.2 2.2 4.1 6.2":                 {Account: savings, Sub: "M1", Cursor: ledger.LineCursor{Date: nov(12), Entry: 7, Line: 1}},
		"1.2 3.2 9.2 9.1":                 {Account: savings, Sub: "M1", Descending: true, Cursor: ledger.LineCursor{Date: nov(12), Entry: 7, Line: 1}},
		"9.2 3.2":                         {Account: savings, Sub: "M1", Through: nov(5), Cursor: ledger.LineCursor{Date: nov(1), Entry: 9, Line: 1}},
		"9.3":                             {Cursor: ledger.LineCursor{Date: nov(1), Entry: 9, Line: 2}},
		"3.1 1.1 5.1 7.2 8.1 2.1 4.2 6.1": {Account: cash, From: nov(2)},
		"9.3 3.1":                         {Account: cash, Through: nov(5)},
		"1.1 1.2 2.1 2.2 4.1 4.2 5.1 5.2 6.1 6.2 7.1 7.2 8.1 8.2": {From: nov(10)},
	} {
		same(t, fmt.Sprintf("what %+v selects", q), t.shown(q), want)
	}
	since := ledger.LineCursor{Date: nov(1), Entry: 9, Line: 1}
	for want, queries := range map[string][]ledger.LineQuery{
		"": {
			{From: nov(12), Through: nov(5)}, {Account: savings, Sub: "M1", From: nov(12), Through: nov(5), Descending: true},
			{After: base + 99}, {Account: savings, Sub: "M1", After: base + 99}, {Cursor: ledger.LineCursor{Date: nov(30), Entry: 99, Line: 1}},
			{Account: savings, Sub: "M1", Cursor: ledger.LineCursor{Date: nov(30), Entry: 1, Line: 1}}, {Source: "murabahah/K-9"}, {Party: "A-9"},
		},
		// A cursor takes nothing back of what else is asked.
		"9.2 7.1 8.2": {{Account: savings, Sub: "M1", After: base + 6, Cursor: since}},
		"9.2":         {{Account: savings, Sub: "M1", Source: "murabahah/K-2", Cursor: since}},
		"8.2":         {{Account: savings, Sub: "M1", Party: "A-1", Cursor: since}},
	} {
		for _, q := range queries {
			same(t, fmt.Sprintf("what %+v selects", q), t.shown(q), want)
		}
	}
}

// pages walks the lines in pages of every size, in every direction.
func (t *trial) pages() {
	for i := range 40 {
		e := deposit(fmt.Sprintf("T%d", i), nov(1+(i*7)%30), "M1", int64(i+1))
		e.Lines = append(e.Lines, ledger.Credit(savings, rp(1)).For("M2"), ledger.Debit(savings, rp(1)).For("M1"))
		t.post(e)
	}
	for _, q := range []ledger.LineQuery{
		{Account: savings, Sub: "M1"}, {Account: savings, AllSubs: true}, {}, {Account: savings, Sub: "M1", From: nov(5), Through: nov(25)},
	} {
		for _, q.Descending = range []bool{false, true} {
			whole := t.shown(q)
			for _, size := range []int{1, 2, 3, 7, 50} {
				var all []string
				page := q
				for {
					before := len(all)
					t.view(func(tx *ledger.Tx) {
						for line, err := range tx.Lines(page) {
							t.must(err)
							all = append(all, fmt.Sprintf("%d.%d", line.Entry, line.No))
							page.Cursor = line.Cursor()
							if len(all)-before == size {
								break // a page is read no further
							}
						}
					})
					if len(all) == before || len(all) > 1000 { // a cursor that does not move on
						break
					}
				}
				same(t, fmt.Sprintf("pages of %d of %+v", size, q), strings.Join(all, " "), whole)
			}
		}
	}
}

func (t *trial) feed() {
	t.november()
	t.do(hold(ledger.Hold{Key: "H1", Sub: "M1", Amount: rp(5), From: nov(30)}))
	t.do(release(ledger.Release{Key: "L1", Hold: "H1"}))
	t.do(guard(ledger.HardFloor(rp(0)), "F1", "M1"))
	t.do(block("B1", "M2", ledger.DebitBlock))
	t.do(save(ledger.Record{Key: "S1", Kind: "savings", ID: "M1", Version: 1, Event: "open", State: []byte(`{"a":1}`)}))
	t.must(t.book.CloseThrough(t.ctx, ledger.PeriodClosing{Key: "C1", Through: nov(1)}))
	t.view(func(tx *ledger.Tx) {
		all := list(t, tx.Changes(1))
		same(t, "changes", uint64(len(all)), t.head().Change)
		kinds := ""
		entries := uint64(0)
		for i, ch := range all {
			same(t, "the number of a change", ch.Number, uint64(i+1))
			if ch.Digest.IsZero() || ch.Key == "" || ch.Command == "" || ch.Recorded.IsZero() || ch.CommandDigest.IsZero() {
				t.Fatalf("change %d is %+v", i+1, ch)
			}
			switch {
			case ch.Posted != nil:
				entries++
				if ch.Kind != ledger.ChangeEntry || ch.Entry != entries || ch.Posted.Number != entries || ch.Posted.Change != ch.Number {
					t.Fatalf("change %d has entry %+v", ch.Number, ch.Posted)
				}
			case ch.Record != nil:
				same(t, "the record's change", ch.Record.Change, ch.Number)
			case len(ch.Document) == 0:
				t.Fatalf("change %d has nothing", ch.Number)
			}
			if i > len(Chart()) {
				kinds += string(ch.Kind) + " "
			}
		}
		same(t, "the kinds", kinds, strings.Repeat("entry ", 7)+"hold release floor block record closing ")
		// From any number on, also in steps as an outbox reads it.
		for from := range uint64(len(all)) + 2 {
			rest := list(t, tx.Changes(from))
			first := max(from, 1)
			same(t, fmt.Sprintf("changes from %d", from), len(rest), max(len(all)-int(first)+1, 0))
			if len(rest) > 0 {
				same(t, "the first of them", rest[0].Number, first)
			}
		}
		next := uint64(1)
		for range all {
			for ch, err := range tx.Changes(next) {
				t.must(err)
				same(t, "the next change", ch.Digest, all[next-1].Digest)
				next = ch.Number + 1
				break
			}
		}
	})
}

// changedSince shows a late entry of an open month in what changed since.
func (t *trial) changedSince() {
	t.november()
	read := t.head().Change
	t.post(deposit("L1", nov(3), "M1", 9))
	t.view(func(tx *ledger.Tx) {
		late := list(t, tx.Lines(ledger.LineQuery{Account: savings, AllSubs: true, After: read}))
		if len(late) != 1 || late[0].Date != nov(3) || late[0].Amount != rp(-9) {
			t.Fatalf("what changed since is %+v", late)
		}
	})
	t.stands(savings, "M1", ledger.EndOf(nov(4)).AsOf(read), 0)
	t.stands(savings, "M1", ledger.EndOf(nov(4)), -9)
}
