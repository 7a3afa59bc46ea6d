package yearfolder

import (
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// readOpening reads the balances that the year begins with, one entry.
func (r *reader) readOpening() {
	t := r.tables[openingFile]
	lines := make([]EntryLine, len(t.rows))
	for i, row := range t.rows {
		lines[i] = r.entryLine(row)
		r.checkOpening(row, lines[i])
		if !row.bad {
			r.folder.Opening = append(r.folder.Opening, lines[i])
		}
	}
	if len(t.rows) > 0 && !t.incomplete() {
		checkSum(t.rows[0], "the opening", lines)
	}
}

// checkOpening refuses what a folder may not bring along: contracts under
// way, shares not yet paid, and the money of accounts opened later.
func (r *reader) checkOpening(row *row, line EntryLine) {
	for _, name := range roleNames() {
		carried := r.contractual[line.Code] || name == DistributionPayable
		if line.Code != "" && r.folder.Roles[name].Code == line.Code && carried {
			row.faultf("code %s: a folder opens without a balance of %s", quote(line.Code), name)
			return
		}
	}
	opening := r.folder.Cooperative.OpeningDate
	account, found := r.opened.byID[line.Sub]
	if found && r.days && r.controls[line.Code] && account.Date != opening {
		row.faultf("sub %s: opened on %s, after the opening date %s", quote(line.Sub), account.Date, opening)
	}
}

// readJournal reads entries: the contiguous lines of one key.
func (r *reader) readJournal() {
	rows := r.tables[journalFile].rows
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].cell("key") == rows[0].cell("key") {
			n++
		}
		r.readEntry(rows[:n])
		rows = rows[n:]
	}
}

func (r *reader) readEntry(rows []*row) {
	first := rows[0]
	entry := JournalEntry{
		Place: first.Place,
		Date:  r.dateInYear(first, false),
		Key:   r.key(first),
		Memo:  first.remark("memo"),
	}
	var content strings.Builder
	for i, row := range rows {
		if i > 0 && row.cell("date") != first.cell("date") {
			row.faultf("date %s: differs from %s in the first line of entry %s",
				quote(row.cell("date")), quote(first.cell("date")), quote(row.cell("key")))
		}
		line := r.entryLine(row)
		line.Memo = row.remark("memo")
		entry.Lines = append(entry.Lines, line)
		content.WriteString(row.content())
	}
	if first.table.mayHold(first.cell("key")) {
		return // a line of it cannot be read, so neither its sum nor its content is known
	}
	repeat := r.repeats(first, content.String())
	if !repeat {
		checkSum(first, "entry "+quote(entry.Key), entry.Lines)
	}
	for _, row := range rows {
		first.bad = first.bad || row.bad
	}
	if !first.bad && !repeat {
		r.folder.Journal = append(r.folder.Journal, entry)
	}
}

// entryLine reads code, sub, debit and credit.
func (r *reader) entryLine(row *row) EntryLine {
	line := EntryLine{Place: row.Place, Amount: debitOrCredit(row)}
	account, found := find(r.accounts, row, "code")
	if !found {
		return line
	}
	line.Code = account.Code
	switch {
	case account.Control && row.cell("sub") == "":
		row.faultf("sub \"\": missing, account %s wants one", quote(account.Code))
	case account.Control:
		line.Sub = row.name("sub", ledger.MaxSub)
		r.checkSub(row, line)
	case row.cell("sub") != "":
		row.faultf("sub %s: not allowed, account %s takes none", quote(row.cell("sub")), quote(account.Code))
	}
	return line
}

// checkSub holds a sub key against what the folder knows of: savings accounts
// of the control account's products, contracts. Other accounts' subs are free.
func (r *reader) checkSub(row *row, line EntryLine) {
	switch {
	case line.Sub == "":
	case r.controls[line.Code]:
		account, found := find(r.opened, row, "sub")
		product, known := r.products.byID[account.Product]
		if found && known && product.Control != line.Code {
			row.faultf("sub %s: stands under account %s, not %s", quote(line.Sub), product.Control, line.Code)
		}
	case r.contractual[line.Code]:
		find(r.contracts, row, "sub")
	case line.Code == r.folder.Roles[DistributionPayable].Code:
		find(r.opened, row, "sub")
	}
}

// debitOrCredit reads the one of both that is filled, debit positive. It is
// zero if there is a fault.
func debitOrCredit(row *row) ledger.Money {
	switch debit, credit := row.cell("debit"), row.cell("credit"); {
	case debit == "" && credit == "":
		row.faultf("debit \"\", credit \"\": one of both must be filled")
	case debit != "" && credit != "":
		row.faultf("debit %s, credit %s: only one of both may be filled", quote(debit), quote(credit))
	case debit != "":
		return row.positive("debit")
	default:
		return row.positive("credit").Neg()
	}
	return ledger.Money{}
}

// checkSum reports an entry that does not balance, at its first line. An
// amount that could not be read has been reported and hides the sum.
func checkSum(first *row, what string, lines []EntryLine) {
	var sum ledger.Money
	for _, line := range lines {
		if line.Amount.IsZero() {
			return
		}
		sum = sum.Add(line.Amount)
	}
	switch {
	case len(lines) < 2:
		first.faultf("%s: has one line only, an entry needs two", what)
	case sum.Err() != nil:
		first.faultf("%s: its lines together are beyond the largest amount", what)
	case sum.Sign() > 0:
		first.faultf("%s: does not balance, debit is greater by %s", what, ledger.IDR.Format(sum))
	case sum.Sign() < 0:
		first.faultf("%s: does not balance, credit is greater by %s", what, ledger.IDR.Format(sum.Neg()))
	}
}
