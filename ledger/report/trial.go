package report

import (
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// TrialBalance is the trial balance (neraca saldo): every account with a
// balance on the side where it stands, control accounts in total, by code.
type TrialBalance struct {
	At       ledger.Date
	Currency ledger.Currency
	Head     ledger.Head
	Lines    []TrialLine
	// Debit and Credit are the totals of the lines.
	Debit, Credit ledger.Money
	// Memorandum accounts balance among themselves and are not in the totals.
	Memorandum                        []TrialLine
	MemorandumDebit, MemorandumCredit ledger.Money
}

// TrialLine is one account's net balance: one of the two amounts is zero.
type TrialLine struct {
	Account       ledger.Account
	Debit, Credit ledger.Money
}

// Trial reads the trial balance at a moment. If it does not balance it is
// returned all the same, with an error that matches [ErrUnbalanced].
func Trial(tx *ledger.Tx, at ledger.Moment) (TrialBalance, error) {
	head, err := tx.Head()
	if err != nil {
		return TrialBalance{}, err
	}
	t := TrialBalance{At: at.Day(), Currency: tx.Currency(), Head: head}
	return t, t.Add(tx.Balances(at))
}

// Add adds balances, which come by account, to the lines and totals. It is
// the pure part of [Trial].
func (t *TrialBalance) Add(balances iter.Seq2[ledger.Balance, error]) error {
	var account ledger.Account
	var amount ledger.Money
	for balance, err := range balances {
		if err != nil {
			return err
		}
		if balance.Account.Code != account.Code {
			t.line(account, amount)
			account, amount = balance.Account, ledger.Money{}
		}
		amount = amount.Add(balance.Amount)
	}
	t.line(account, amount)
	for _, total := range []ledger.Money{t.Debit, t.Credit, t.MemorandumDebit, t.MemorandumCredit} {
		if err := total.Err(); err != nil {
			return err
		}
	}
	for _, fault := range t.faults() {
		return fault
	}
	return nil
}

func (t *TrialBalance) line(account ledger.Account, amount ledger.Money) {
	if amount.IsZero() {
		return
	}
	line := TrialLine{Account: account, Debit: amount}
	if amount.Sign() < 0 {
		line = TrialLine{Account: account, Credit: amount.Neg()}
	}
	lines, debit, credit := &t.Lines, &t.Debit, &t.Credit
	if account.Kind == ledger.Memorandum {
		lines, debit, credit = &t.Memorandum, &t.MemorandumDebit, &t.MemorandumCredit
	}
	*lines = append(*lines, line)
	*debit, *credit = debit.Add(line.Debit), credit.Add(line.Credit)
}

func (t *TrialBalance) faults() []*UnbalancedError {
	var faults []*UnbalancedError
	for _, pair := range [][2]ledger.Money{{t.Debit, t.Credit}, {t.MemorandumDebit, t.MemorandumCredit}} {
		if pair[0] != pair[1] {
			faults = append(faults, &UnbalancedError{Report: trialTitle.ID, Column: t.At.String(), Left: "debit", Right: "credit",
				LeftAmount: pair[0], RightAmount: pair[1], currency: t.Currency})
		}
	}
	return faults
}

// trialTitle is fixed text.
var trialTitle = Label{"NERACA SALDO", "TRIAL BALANCE"}

// Report lays the trial balance out. Its totals have the key total, those of
// the memorandum accounts the key memorandum. The CSV form with LinesOnly has
// the columns code, name, debit and credit.
func (t TrialBalance) Report(entity string) Report {
	r := Report{
		Entity: entity, Title: trialTitle, Period: At(ledger.EndOf(t.At)).heading(), Currency: t.Currency, Head: t.Head,
		Columns: []Column{
			{Key: "code", Label: Label{"Kode", "Code"}, Kind: Short},
			{Key: "name", Label: Label{"Nama akun", "Account"}, Indented: true},
			{Key: "debit", Label: Label{"Debet", "Debit"}, Kind: Numbers},
			{Key: "credit", Label: Label{"Kredit", "Credit"}, Kind: Numbers},
		},
	}
	for _, fault := range t.faults() {
		r.Alerts = append(r.Alerts, fault.alert())
	}
	r.trialLines(t.Lines)
	r.Rows = append(r.Rows, Row{Kind: Grand, Key: "total", Cells: []Cell{{}, Text(Label{"JUMLAH", "TOTAL"}), Money(t.Debit), Money(t.Credit)}})
	if len(t.Memorandum) > 0 {
		r.Rows = append(r.Rows, Row{Kind: Blank}, Row{Kind: Header, Cells: []Cell{{}, Text(Label{"REKENING ADMINISTRATIF", "MEMORANDUM ACCOUNTS"})}})
		r.trialLines(t.Memorandum)
		r.Rows = append(r.Rows, Row{Kind: Total, Key: "memorandum", Cells: []Cell{
			{}, Text(Label{"JUMLAH REKENING ADMINISTRATIF", "TOTAL MEMORANDUM ACCOUNTS"}), Money(t.MemorandumDebit), Money(t.MemorandumCredit)}})
	}
	return r
}

func (r *Report) trialLines(lines []TrialLine) {
	for _, line := range lines {
		r.Rows = append(r.Rows, Row{Cells: []Cell{
			Name(line.Account.Code), Text(Label{ID: line.Account.Name, EN: line.Account.NameEn}),
			MoneyUnlessZero(line.Debit), MoneyUnlessZero(line.Credit),
		}})
	}
}
