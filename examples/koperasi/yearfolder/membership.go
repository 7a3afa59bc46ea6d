package yearfolder

import (
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// MemberEventName is what happens to a membership.
type MemberEventName string

// The events of member_events.csv.
const (
	Admit       MemberEventName = "admit"     // by: who approved it
	Leave       MemberEventName = "leave"     // reason
	Expel       MemberEventName = "expel"     // reason, document: the decision
	Die         MemberEventName = "die"       // document, by; known if later than the day of death
	SettleClaim MemberEventName = "settle"    // all savings become one claim; from: when it may be paid; waived: yes for no penalties
	PayClaim    MemberEventName = "pay_claim" // amount, account; payee and document after a death
	UndoMember  MemberEventName = "reverse"   // of: the key of the event taken back; reason
)

// MemberEvent is one line of member_events.csv.
type MemberEvent struct {
	Place
	Date                        ledger.Date // in the year
	Key                         string
	Event                       MemberEventName
	Member                      string
	Reason, Document, By, Payee string
	Known, From                 ledger.Date
	Amount                      ledger.Money
	Account                     string // code of the cash account
	Waived                      bool
	Of                          string // the key of an earlier row
}

// memberNeeds says which columns an event must fill and, after a question
// mark, which ones it may.
func memberNeeds() map[MemberEventName]string {
	return map[MemberEventName]string{
		Admit: "by ? document", Leave: "reason ? document", Expel: "reason document", Die: "document by ? known",
		SettleClaim: "? from waived document by", PayClaim: "amount account ? payee document by", UndoMember: "of reason ? by",
	}
}

func (r *reader) readMembership() {
	for _, row := range r.tables[membershipFile].rows {
		e := r.memberEvent(row)
		if !r.repeats(row, row.content()) && !row.bad {
			r.folder.Membership = append(r.folder.Membership, e)
		}
	}
}

func (r *reader) memberEvent(row *row) MemberEvent {
	date := r.dateInYear(row, false)
	e := MemberEvent{Place: row.Place, Date: date, Key: r.key(row), Member: r.member(row, date)}
	names := []string{string(Admit), string(Leave), string(Expel), string(Die), string(SettleClaim), string(PayClaim), string(UndoMember)}
	e.Event = MemberEventName(readCell(row, "event", oneOf(names...)))
	if e.Event == "" {
		return e
	}
	must, may, _ := strings.Cut(memberNeeds()[e.Event], "?")
	needed, allowed := strings.Fields(must), strings.Fields(may)
	for _, column := range []string{"reason", "document", "by", "known", "amount", "account", "payee", "from", "waived", "of"} {
		switch {
		case slices.Contains(needed, column) && row.cell(column) == "":
			row.reject(column, errMissing)
		case slices.Contains(needed, column) || slices.Contains(allowed, column) && row.cell(column) != "":
			r.readMemberCell(row, column, &e)
		default:
			row.empty(column, "on "+string(e.Event))
		}
	}
	return e
}

func (r *reader) readMemberCell(row *row, column string, e *MemberEvent) {
	switch column {
	case "reason":
		e.Reason = readCell(row, column, parseLine)
	case "document":
		e.Document = readCell(row, column, parseLine)
	case "by":
		e.By = readCell(row, column, parseLine)
	case "payee":
		e.Payee = readCell(row, column, parseLine)
	case "known":
		e.Known = row.date(column)
	case "from":
		e.From = row.date(column)
	case "amount":
		e.Amount = row.positive(column)
	case "account":
		e.Account = r.accountCode(row, column, cash())
	case "of":
		e.Of = row.name(column, ledger.MaxKey)
	case "waived":
		e.Waived = readCell(row, column, parseYesNo)
	}
}

// BulkRow is one line of bulk.csv: a deposit that somebody else collected.
type BulkRow struct {
	Place
	Date    ledger.Date // in the year
	Key     string
	Account string // may be empty: the member's only account of the product
	Member  string
	Product string // a product's code, or "wajib" for the member's dues
	Amount  ledger.Money
	Counter string // code of the account that has or owes the money: an asset without sub keys
	Note    string
}

func (r *reader) readBulk() {
	for _, row := range r.tables[bulkFile].rows {
		date := r.dateInYear(row, false)
		b := BulkRow{Place: row.Place, Date: date, Key: r.key(row), Member: r.member(row, date), Amount: row.positive("amount"),
			Counter: r.accountCode(row, "counter", cash()), Note: row.remark("note"), Product: row.cell("product")}
		if b.Product != string(Wajib) {
			find(r.products, row, "product")
		}
		if row.cell("account") != "" {
			b.Account = row.cell("account")
			r.sameMember(row, "account", SavingsRow{Member: b.Member})
		}
		if !r.repeats(row, row.content()) && !row.bad {
			r.folder.Bulk = append(r.folder.Bulk, b)
		}
	}
}

// lists returns the rows of bulk.csv in lists of one date and counter account,
// in the order in which they begin.
func (f *Folder) lists() [][]BulkRow {
	type of struct {
		date    ledger.Date
		counter string
	}
	at := map[of]int{}
	var lists [][]BulkRow
	for _, row := range f.Bulk {
		key := of{row.Date, row.Counter}
		n, begun := at[key]
		if !begun {
			n = len(lists)
			at[key], lists = n, append(lists, nil)
		}
		lists[n] = append(lists[n], row)
	}
	return lists
}

// wantsMore reports whether a folder has any of the optional files or columns
// of savings.
func (r *reader) wantsMore() bool {
	for _, file := range []string{termsFile, bulkFile, membershipFile} {
		if len(r.tables[file].at) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(furtherColumns(), func(column string) bool {
		_, there := r.tables[savingsFile].at[column]
		return there
	})
}
