package year

import (
	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// savingsRow carries out a row of savings.csv at the savings desk.
func (y *Year) savingsRow(tx *ledger.Tx, row *yearfolder.SavingsRow) error {
	memo := oneLine(row.Memo)
	var err error
	switch row.Event {
	case yearfolder.Open:
		return y.openAccount(tx, row)
	case yearfolder.Deposit:
		_, err = y.savings.DepositTx(tx, savings.Deposit{
			Key: row.Key, Date: row.Date, Account: row.Account, Amount: row.Amount, Counter: savings.Place{Account: row.Counter}, Memo: memo,
		})
	case yearfolder.Withdraw:
		_, err = y.savings.WithdrawTx(tx, savings.Withdrawal{
			Key: row.Key, Date: row.Date, Account: row.Account, Amount: row.Amount, Counter: savings.Place{Account: row.Counter}, Memo: memo,
			Waiver: row.Reason,
		})
	case yearfolder.Transfer:
		_, err = y.savings.TransferTx(tx, savings.Transfer{
			Key: row.Key, Date: row.Date, From: row.Account, To: row.Counter, Amount: row.Amount, Memo: memo, Waiver: row.Reason,
		})
	default:
		err = y.furtherRow(tx, row)
	}
	return err
}

// openAccount opens an account, or on the opening date adopts one that brings
// its balance along. Accounts opened before that were to send their profit
// share to this one do so from now on.
func (y *Year) openAccount(tx *ledger.Tx, row *yearfolder.SavingsRow) error {
	opening := savings.Opening{Key: row.Key, Date: row.Date, Account: row.Account, Member: row.Member, Product: row.Product, GoalDay: row.GoalDay}
	if row.Certificate != "" {
		opening.Term = &savings.TermAgreed{Certificate: row.Certificate, Months: row.Months,
			Rollover: savings.Rollover(row.Rollover), Payout: savings.Payout(row.Payout)}
	}
	if _, there, err := savings.AccountIn(tx, row.PayTo); err != nil {
		return err
	} else if there {
		opening.PayTo = row.PayTo
	}
	open := y.savings.OpenTx
	if row.Date == y.folder.Cooperative.OpeningDate {
		open = y.savings.AdoptTx
	}
	if _, err := open(tx, opening); err != nil {
		return err
	}
	for _, account := range y.waiting[row.Account] {
		waits, there, err := savings.AccountIn(tx, account)
		if err != nil {
			return err
		}
		if !there || waits.PayTo == row.Account {
			continue
		}
		key := programKey("pay_to/" + rowKey(row.Place) + "/" + account)
		if _, err := y.savings.RedirectTx(tx, savings.Redirection{Key: key, Date: row.Date, Account: account, PayTo: row.Account}); err != nil {
			return err
		}
	}
	return nil
}

// journalEntry posts an entry of journal.csv as it stands there.
func (y *Year) journalEntry(tx *ledger.Tx, row *yearfolder.JournalEntry) error {
	lines, err := y.lines(tx, row.Date, row.Lines)
	if err != nil {
		return err
	}
	return post(tx, ledger.Entry{Key: row.Key, Date: row.Date, Memo: oneLine(row.Memo), Lines: lines}, row.Lines)
}

// lines turns the folder's lines into the book's. A savings account must be
// open, and its lines name its member; what stands on a contract's accounts is
// the contract's own.
func (y *Year) lines(tx *ledger.Tx, day ledger.Date, rows []yearfolder.EntryLine) ([]ledger.Line, error) {
	lines := make([]ledger.Line, len(rows))
	var faults yearfolder.Faults
	for i, row := range rows {
		lines[i] = ledger.Line{Account: row.Code, Sub: row.Sub, Amount: row.Amount}
		switch y.subs[row.Code] {
		case savingsSubs:
			account, there, err := savings.AccountIn(tx, row.Sub)
			if err != nil {
				return nil, err
			}
			if !there {
				faults = append(faults, row.Faultf("sub %q: the account is not open yet", row.Sub))
				continue
			}
			member, _, err := savings.MemberIn(tx, account.Member)
			if err != nil {
				return nil, err
			}
			lines[i].Party = member.Party(day)
		case contractSubs:
			faults = append(faults, row.Faultf("code %q: what stands on contracts comes from murabahah_events.csv alone", row.Code))
		case savingsOwnSubs:
			faults = append(faults, row.Faultf("code %q: what waits and what is claimed comes from the savings files alone", row.Code))
		case shareSubs:
			faults = append(faults, row.Faultf("code %q: profit shares are owed and paid by the program alone", row.Code))
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return lines, nil
}

// subKind is what the sub keys of an account are.
type subKind int

const (
	otherSubs subKind = iota
	savingsSubs
	contractSubs
	shareSubs
	savingsOwnSubs // matured savings that wait, called dues, claims of who has left
)

// post posts an entry or says of each of its rows what is wrong with it.
func post(tx *ledger.Tx, entry ledger.Entry, rows []yearfolder.EntryLine) error {
	if _, err := tx.Post(entry); err == nil {
		return nil
	} else if _, refused := reason(err); !refused {
		return err
	}
	violations, err := tx.Violations(entry)
	if err != nil {
		return err
	}
	var faults yearfolder.Faults
	for _, v := range violations {
		row := rows[max(v.Line, 1)-1]
		text, _ := reason(v)
		faults = append(faults, row.Faultf("%s", text))
	}
	return faults
}
