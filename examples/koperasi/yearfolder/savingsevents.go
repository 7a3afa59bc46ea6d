package yearfolder

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

// The further events of savings.csv. What they need stands in its optional
// columns.
const (
	Close      SavingsEvent = "close"      // counter; pay_to may name who gets the last share
	Convert    SavingsEvent = "convert"    // to and to_product: the new account; document
	Charge     SavingsEvent = "charge"     // fee; counter for one paid in cash
	Hold       SavingsEvent = "hold"       // amount, reason, by; until
	Unhold     SavingsEvent = "release"    // of: the hold's key; reason, by; amount for a part of it
	Block      SavingsEvent = "block"      // block, reason, by; until
	Unblock    SavingsEvent = "unblock"    // reason, by
	Redirect   SavingsEvent = "redirect"   // pay_to
	Agree      SavingsEvent = "agree"      // ratio, document: a nisbah of the account's own from the day
	Zakat      SavingsEvent = "zakat"      // ratio, document: a mandate from the day
	Mandate    SavingsEvent = "mandate"    // to: the account that dues are taken from; document
	Dues       SavingsEvent = "dues"       // taken by mandate, the amount is computed
	Call       SavingsEvent = "call"       // the dues of the month, the amount is computed
	Break      SavingsEvent = "break"      // counter or to; reason
	Collect    SavingsEvent = "collect"    // counter or to
	Instruct   SavingsEvent = "instruct"   // rollover, payout, pay_to, document
	Reactivate SavingsEvent = "reactivate" // reason, by
	Reverse    SavingsEvent = "reverse"    // of: the key of the event taken back; reason
)

// Further is what the optional columns of savings.csv say, each filled on the
// events that take it and empty on all others.
type Further struct {
	To, ToProduct        string
	Fee                  string // opening, monthly, inactive or passbook
	Of                   string // the key of an earlier row
	Ratio                decimal.Decimal
	Document, Reason, By string
	Until, GoalDay       ledger.Date
	Blocked              ledger.Block
	Certificate          string // with months, rollover and payout, on opening time savings
	Months               int
	Rollover, Payout     string
}

// furtherColumns are the optional columns of savings.csv.
func furtherColumns() []string {
	return []string{"to", "to_product", "fee", "of", "ratio", "document", "reason", "by", "until", "block", "goal_day",
		"certificate", "months", "rollover", "payout"}
}

// furtherNeeds says which columns an event must fill and, after a question
// mark, which ones it may. The first four events state amount, counter and
// pay_to by rules of their own.
func furtherNeeds() map[SavingsEvent]string {
	return map[SavingsEvent]string{
		Open: "? goal_day certificate months rollover payout", Deposit: "", Withdraw: "? reason", Transfer: "? reason",
		Close: "counter ? pay_to", Convert: "to to_product document", Charge: "fee ? counter",
		Hold: "amount reason by ? until", Unhold: "of reason by ? amount", Block: "block reason by ? until", Unblock: "reason by",
		Redirect: "pay_to", Agree: "ratio document", Zakat: "ratio document", Mandate: "to document", Dues: "", Call: "",
		Break: "reason ? counter to", Collect: "? counter to", Instruct: "rollover payout document ? pay_to",
		Reactivate: "reason by", Reverse: "of reason",
	}
}

// savingsEvents lists all events in the order in which a message names them.
func savingsEvents() []SavingsEvent {
	return []SavingsEvent{Open, Deposit, Withdraw, Transfer, Close, Convert, Charge, Hold, Unhold, Block, Unblock, Redirect, Agree, Zakat,
		Mandate, Dues, Call, Break, Collect, Instruct, Reactivate, Reverse}
}

func parseSavingsEvent(text string) (SavingsEvent, error) {
	events := savingsEvents()
	if slices.Contains(events, SavingsEvent(text)) {
		return SavingsEvent(text), nil
	}
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = string(e)
	}
	return "", errors.New("want " + strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1])
}

// further reads the cells that an event takes and reports those it does not.
func (r *reader) further(row *row, s *SavingsRow) {
	must, may, _ := strings.Cut(furtherNeeds()[s.Event], "?")
	needed, allowed := strings.Fields(must), strings.Fields(may)
	own := s.Event == Open || s.Event == Deposit || s.Event == Withdraw || s.Event == Transfer
	for _, column := range append([]string{"amount", "counter", "pay_to"}, furtherColumns()...) {
		switch {
		case own && (column == "amount" || column == "counter" || column == "pay_to"):
		case slices.Contains(needed, column) && row.cell(column) == "":
			row.reject(column, errMissing)
		case slices.Contains(needed, column) || slices.Contains(allowed, column) && row.cell(column) != "":
			r.readFurther(row, column, s)
		default:
			row.empty(column, "on "+string(s.Event))
		}
	}
	if (s.Event == Break || s.Event == Collect) && (row.cell("counter") == "") == (row.cell("to") == "") {
		row.faultf("counter %s: want either a counter account or the savings account to pay to", quote(row.cell("counter")))
	}
	if s.Event == Open && (row.cell("certificate")+row.cell("months")+row.cell("rollover")+row.cell("payout") != "") {
		for _, column := range []string{"certificate", "months", "rollover", "payout"} {
			if row.cell(column) == "" {
				row.reject(column, errMissing)
			}
		}
	}
}

// readFurther reads a cell that is filled.
func (r *reader) readFurther(row *row, column string, s *SavingsRow) {
	switch column {
	case "amount":
		s.Amount = row.positive(column)
	case "counter":
		s.Counter = r.accountCode(row, column, cash())
	case "pay_to":
		s.PayTo = row.cell(column)
	case "to":
		s.To = row.name(column, ledger.MaxSub)
	case "to_product":
		product, _ := find(r.products, row, column)
		s.ToProduct = product.Code
	case "fee":
		s.Fee = readCell(row, column, oneOf("opening", "monthly", "inactive", "passbook"))
	case "of":
		s.Of = row.name(column, ledger.MaxKey)
	case "ratio":
		s.Ratio = readCell(row, column, parseRatio)
	case "document":
		s.Document = readCell(row, column, parseLine)
	case "reason":
		s.Reason = readCell(row, column, parseLine)
	case "by":
		s.By = readCell(row, column, parseLine)
	case "until":
		s.Until = row.date(column)
	case "goal_day":
		s.GoalDay = row.date(column)
	case "block":
		s.Blocked = readCell(row, column, parseBlock)
	case "certificate":
		s.Certificate = row.name(column, ledger.MaxSub)
	case "months":
		s.Months = readCell(row, column, parseMonths)
	case "rollover":
		s.Rollover = readCell(row, column, oneOf("none", "principal", "principal_and_share"))
	case "payout":
		s.Payout = readCell(row, column, oneOf("month_end", "anniversary"))
	}
}

// checkFurther holds the accounts that a further event names against those
// that the folder opens.
func (r *reader) checkFurther(row *row, s SavingsRow) {
	switch s.Event {
	case Open, Deposit, Withdraw, Transfer:
		return
	}
	if s.PayTo != "" {
		r.sameMember(row, "pay_to", s)
	}
	if s.To != "" && s.Event != Convert {
		r.sameMember(row, "to", s)
	}
}

func (r *reader) sameMember(row *row, column string, s SavingsRow) {
	to, found := find(r.opened, row, column)
	if found && s.Member != "" && to.Member != s.Member {
		row.faultf("%s %s: belongs to member %s, not to %s", column, quote(row.cell(column)), quote(to.Member), quote(s.Member))
	}
}

// ifAny reads a cell of an optional column, zero if it is empty.
func ifAny[T any](r *row, column string, parse func(string) (T, error)) T {
	var none T
	if r.cell(column) == "" {
		return none
	}
	return readCell(r, column, parse)
}

// oneOf accepts one of a few words.
func oneOf(words ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(words, text) {
			return "", fmt.Errorf("want %s or %s", strings.Join(words[:len(words)-1], ", "), words[len(words)-1])
		}
		return text, nil
	}
}

func parseBlock(text string) (ledger.Block, error) {
	var block ledger.Block
	if err := block.UnmarshalText([]byte(text)); err != nil || block == ledger.NoBlock {
		return 0, errors.New("want debit, credit or full")
	}
	return block, nil
}

func parseStanding(text string) (ledger.Standing, error) {
	var standing ledger.Standing
	if err := standing.UnmarshalText([]byte(text)); err != nil || standing == ledger.Other {
		return standing, errors.New("want member or candidate")
	}
	return standing, nil
}

func parseMonths(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n < 1 || n > MaxInstalments {
		return 0, fmt.Errorf("not a whole number from 1 to %d", MaxInstalments)
	}
	return int(n), nil
}
