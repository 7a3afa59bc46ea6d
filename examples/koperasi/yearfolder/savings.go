package yearfolder

import "github.com/mizan-coop/mizan/ledger"

// readSavings reads the rows twice: an account may be named before the row
// that opens it, as the receiver of a share.
func (r *reader) readSavings() {
	t := r.tables[savingsFile]
	r.opened = newIndex[SavingsRow](t)
	read := make([]SavingsRow, len(t.rows))
	repeat := make([]bool, len(t.rows))
	for i, row := range t.rows {
		read[i] = r.savingsRow(row)
		repeat[i] = r.repeats(row, row.content())
		switch {
		case read[i].Event == "": // whatever it was meant to be, it may have opened the account
			t.lose(row.cell("account"))
		case read[i].Event == Open && !repeat[i]:
			r.opened.define(row, "account", read[i].Account, read[i])
		case read[i].Event == Convert && !repeat[i]:
			r.opened.define(row, "to", read[i].To, SavingsRow{Account: read[i].To, Member: read[i].Member, Product: read[i].ToProduct})
		case read[i].Event == Open && row.bad:
			t.lose(row.cell("account"))
		}
	}
	for i, row := range t.rows {
		r.checkSavings(row, read[i])
		if !row.bad && !repeat[i] {
			r.folder.Savings = append(r.folder.Savings, read[i])
		}
	}
}

// savingsRow reads a row by itself.
func (r *reader) savingsRow(row *row) SavingsRow {
	event := readCell(row, "event", parseSavingsEvent)
	date := r.dateInYear(row, event == Open || event == "")
	product, _ := find(r.products, row, "product")
	s := SavingsRow{
		Place:   row.Place,
		Date:    date,
		Key:     r.key(row),
		Event:   event,
		Account: row.name("account", ledger.MaxSub),
		Member:  r.member(row, date),
		Product: product.Code,
		Memo:    row.remark("memo"),
	}
	switch event {
	case Open:
		row.empty("amount", "on open, which moves no money")
		row.empty("counter", "on open, which moves no money")
		if s.PayTo = row.cell("pay_to"); s.PayTo == "" {
			s.PayTo = s.Account
		}
	case Deposit, Withdraw:
		s.Amount = row.positive("amount")
		s.Counter = r.accountCode(row, "counter", cash())
		row.empty("pay_to", "except on open")
	case Transfer:
		s.Amount = row.positive("amount")
		s.Counter = row.cell("counter")
		row.empty("pay_to", "except on open")
	}
	if event != "" {
		r.further(row, &s)
	}
	return s
}

// checkSavings holds a row against the accounts that the folder opens.
func (r *reader) checkSavings(row *row, s SavingsRow) {
	switch s.Event {
	case Open:
		to, found := SavingsRow{}, false
		if row.cell("pay_to") != "" {
			to, found = find(r.opened, row, "pay_to")
		}
		if found && s.Member != "" && to.Member != s.Member {
			row.faultf("pay_to %s: belongs to member %s, not to %s", quote(s.PayTo), quote(to.Member), quote(s.Member))
		}
		return
	case Transfer:
		find(r.opened, row, "counter")
		if s.Counter != "" && s.Counter == s.Account {
			row.faultf("counter %s: a transfer to the same account", quote(s.Counter))
		}
	}
	if s.Account == "" {
		return // reported when it was read
	}
	r.checkFurther(row, s)
	account, found := find(r.opened, row, "account")
	if found && s.Member != "" && s.Member != account.Member {
		row.faultf("member %s: account %s belongs to %s", quote(s.Member), quote(s.Account), quote(account.Member))
	}
	if found && s.Product != "" && s.Product != account.Product {
		row.faultf("product %s: account %s is of %s", quote(s.Product), quote(s.Account), quote(account.Product))
	}
}
