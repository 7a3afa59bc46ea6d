package savings

import "github.com/mizan-coop/mizan/ledger"

// Journal returns the entry of an event that moves money: lines of zero left
// out, its sum zero. The holder stands on the savings line and on the fee's.
// The caller sets Key, Memo, Document, Maker and Approver.
//
//	deposit   S2 S3 S6 S8 S9  debit Counter          credit the account
//	withdraw  S7 S8 S10       debit the account      credit Counter
//	transfer  S11 S3          debit the account      credit the receiving account
//	convert   S12             debit the account      credit the new account
//	charge    S13, S5 in cash debit the account or Counter, credit FeeAccount
//	dues      S3              debit the account      credit the wajib account
//	call      S4              debit CallAccount      credit the wajib account
//	close     S24             debit the account      credit FeeAccount, Counter
//	mature    S17             debit the account      credit Counter, where it waits
//	break     S18             debit the account      credit FeeAccount (benevolent), Counter
//	collect                   debit where it waited  credit Counter
//
// What was called before (S4) is credited to CallAccount when it is paid, or
// when the account is closed without that.
func Journal(a Account, e Event) ledger.Entry {
	entry := ledger.Entry{Date: e.Date, Waiver: e.Waiver}
	add := func(line ledger.Line) {
		if !line.Amount.IsZero() {
			entry.Lines = append(entry.Lines, line)
		}
	}
	rest := e.Amount.Sub(e.Fee)
	switch e.Name {
	case EventDeposit:
		entry.Lines = make([]ledger.Line, 0, 3)
		add(ledger.Debit(e.Counter.Account, rest).For(e.Counter.Sub))
		add(ledger.Credit(e.CallAccount, e.Called).For(a.ID).With(e.Party))
		add(ledger.Credit(a.Control, e.Amount.Sub(e.Called)).For(a.ID).With(e.Party))
	case EventWithdraw, EventTransfer, EventClose, EventConvert, EventDues, EventMature, EventBreak:
		entry.Lines = make([]ledger.Line, 0, 3)
		add(ledger.Debit(a.Control, e.Amount).For(a.ID).With(e.Party))
		add(ledger.Credit(e.FeeAccount, e.Fee).With(e.Party))
		if e.Name == EventClose {
			add(ledger.Credit(e.CallAccount, e.Called).For(a.ID).With(e.Party))
		} else {
			add(ledger.Credit(e.CallAccount, e.Called).For(e.Counter.Sub).With(e.To))
		}
		add(ledger.Credit(e.Counter.Account, rest.Sub(e.Called)).For(e.Counter.Sub).With(e.To))
	case EventCharge:
		from := ledger.Debit(e.Counter.Account, e.Fee).For(e.Counter.Sub)
		if e.Counter == (Place{}) {
			from = ledger.Debit(a.Control, e.Fee).For(a.ID).With(e.Party)
		}
		entry.Lines = []ledger.Line{from, ledger.Credit(e.FeeAccount, e.Fee).With(e.Party)}
	case EventCollect:
		entry.Lines = []ledger.Line{
			ledger.Debit(e.From.Account, e.Amount).For(e.From.Sub).With(e.Party),
			ledger.Credit(e.Counter.Account, e.Amount).For(e.Counter.Sub).With(e.To),
		}
	case EventCall:
		entry.Lines = []ledger.Line{
			ledger.Debit(e.CallAccount, e.Amount).For(a.ID).With(e.Party),
			ledger.Credit(a.Control, e.Amount).For(a.ID).With(e.Party),
		}
	}
	return entry
}
