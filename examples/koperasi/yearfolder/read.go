package yearfolder

import (
	"io/fs"

	"github.com/mizan-coop/mizan/ledger"
)

// Read reads a year folder and reports all that is wrong with its form. With
// no faults the folder is complete and consistent. With faults it holds the
// rows that are sound by themselves, so that further checks may add to the
// report, but it must not be run. It is never nil.
func Read(fsys fs.FS) (*Folder, Faults) {
	r := &reader{
		folder: &Folder{Roles: map[RoleName]Role{}},
		tables: map[string]*table{},
		keys:   map[string]claim{},
	}
	for _, form := range forms() {
		r.tables[form.file] = readTable(fsys, form, &r.faults)
	}
	r.readCooperative()
	r.readAccounts()
	r.readRoles()
	r.readProducts()
	r.readProductTerms()
	r.readPool()
	r.readMembers()
	r.readSavings() // before all that names savings accounts
	r.readBulk()
	r.readMembership()
	r.readContracts()
	r.readEvents()
	r.readOpening()
	r.readJournal()
	r.folder.Further = r.wantsMore()
	r.readCollectibility()
	r.faults.Sort()
	return r.folder, r.faults
}

// reader is the state of one reading.
type reader struct {
	folder *Folder
	faults Faults
	tables map[string]*table
	keys   map[string]claim

	accounts  index[Account]
	products  index[Product]
	members   index[Member]
	opened    index[SavingsRow] // savings accounts by the row that opens them
	contracts index[Contract]
	// days says that the days of the year are known and agree with each other;
	// otherwise no date is held against them.
	days bool
	// controls names the savings accounts' control accounts, contractual the
	// accounts whose subs are contracts.
	controls    map[string]bool
	contractual map[string]bool
}

// index finds rows by what they define.
type index[T any] struct {
	table *table
	byID  map[string]T
	line  map[string]int
}

func newIndex[T any](t *table) index[T] {
	return index[T]{table: t, byID: map[string]T{}, line: map[string]int{}}
}

// define adds what a row defines. Defining it twice is a fault; a bad row
// leaves only the knowledge that the id is not unknown.
func (x index[T]) define(r *row, column string, id string, value T) {
	if id == "" {
		return
	}
	if line, twice := x.line[id]; twice {
		r.faultf("%s %s: stands in line %d already", column, quote(id), line)
		return
	}
	x.line[id] = r.Line
	if r.bad {
		x.table.lose(id)
		return
	}
	x.byID[id] = value
}

// find looks up what a row refers to. What is not there is a fault of the
// row, unless a part of the file that cannot be used may define it.
func find[T any](x index[T], r *row, column string) (value T, found bool) {
	id := r.cell(column)
	if id == "" {
		r.reject(column, errMissing)
		return value, false
	}
	value, found = x.byID[id]
	if !found && !x.table.mayHold(id) {
		r.faultf("%s %s: unknown, not in %s", column, quote(id), x.table.form.file)
	}
	return value, found
}

// wanted is what an account must be for its place.
type wanted struct {
	control bool
	kinds   []ledger.Kind // any, if empty
	side    ledger.Side   // any, if zero
	what    string        // in the message: "an asset account without sub keys"
}

func (w wanted) fits(a Account) bool {
	if a.Control != w.control || w.side.Valid() && a.Normal != w.side {
		return false
	}
	for _, kind := range w.kinds {
		if a.Kind == kind {
			return true
		}
	}
	return len(w.kinds) == 0
}

// accountCode reads the code of an account of the chart.
func (r *reader) accountCode(row *row, column string, want wanted) string {
	account, found := find(r.accounts, row, column)
	if found && !want.fits(account) {
		row.faultf("%s %s: want %s", column, quote(account.Code), want.what)
	}
	return account.Code
}

func cash() wanted {
	return wanted{kinds: []ledger.Kind{ledger.Asset}, what: "a cash account: an asset without sub keys"}
}

// dateInYear reads a date from first to last day. Only the opening of a
// savings account may stand on the opening date.
func (r *reader) dateInYear(row *row, opening bool) ledger.Date {
	date := row.date("date")
	year := r.folder.Cooperative
	if !date.Valid() || !r.days {
		return date
	}
	outside := date.Before(year.FirstDay) || date.After(year.LastDay)
	if outside && !(opening && date == year.OpeningDate) {
		row.faultf("date %q: outside the year %s to %s", date, year.FirstDay, year.LastDay)
	}
	return date
}

// member finds the member of a row and reports a date before he or she joined.
func (r *reader) member(row *row, date ledger.Date) string {
	member, found := find(r.members, row, "member")
	if found {
		afterJoining(row, date, member)
	}
	return member.ID
}

func afterJoining(row *row, date ledger.Date, member Member) {
	if date.Valid() && date.Before(member.Joined) {
		row.faultf("date %q: before member %s joined on %s", date, quote(member.ID), member.Joined)
	}
}
