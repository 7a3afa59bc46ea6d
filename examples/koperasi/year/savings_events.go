package year

import (
	"context"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// furtherRow carries out an event of savings.csv that the optional columns bring.
func (y *Year) furtherRow(tx *ledger.Tx, row *yearfolder.SavingsRow) error {
	memo, counter := oneLine(row.Memo), savings.Place{Account: row.Counter}
	var err error
	switch row.Event {
	case yearfolder.Close:
		_, err = y.savings.CloseTx(tx, savings.Closing{Key: row.Key, Date: row.Date, Account: row.Account, Counter: counter, PayTo: row.PayTo, Memo: memo})
	case yearfolder.Convert:
		_, err = y.savings.ConvertTx(tx, savings.Conversion{
			Key: row.Key, Date: row.Date, Account: row.Account, To: row.To, Product: row.ToProduct, Document: row.Document, Memo: memo,
		})
	case yearfolder.Charge:
		_, err = y.savings.ChargeTx(tx, savings.Charge{
			Key: row.Key, Date: row.Date, Account: row.Account, Fee: savings.Fee(row.Fee), Counter: counter, Memo: memo,
		})
	case yearfolder.Reverse:
		_, err = y.savings.ReverseTx(tx, savings.Reversal{Key: row.Key, Of: row.Of, Date: row.Date, Reason: row.Reason, Document: row.Document})
	case yearfolder.Hold, yearfolder.Unhold, yearfolder.Block, yearfolder.Unblock:
		err = y.restraint(tx, row)
	case yearfolder.Dues:
		_, err = y.savings.CollectDuesTx(tx, savings.DuesCollection{Key: row.Key, Date: row.Date, Account: row.Account})
	case yearfolder.Call:
		_, err = y.savings.CallDuesTx(tx, savings.DuesCall{Key: row.Key, Date: row.Date, Account: row.Account, Month: row.Date.Month()})
	case yearfolder.Break:
		_, err = y.savings.BreakTx(tx, savings.Breaking{
			Key: row.Key, Date: row.Date, Account: row.Account, Counter: counter, To: row.To, Reason: row.Reason, Memo: memo,
		})
	case yearfolder.Collect:
		_, err = y.savings.CollectTx(tx, savings.Collecting{Key: row.Key, Date: row.Date, Account: row.Account, Counter: counter, To: row.To, Memo: memo})
	default:
		err = y.agreement(tx, row)
	}
	return err
}

// restraint carries out what keeps money from moving, and its end.
func (y *Year) restraint(tx *ledger.Tx, row *yearfolder.SavingsRow) error {
	var err error
	switch row.Event {
	case yearfolder.Hold:
		_, err = y.savings.HoldTx(tx, savings.HoldPlacing{
			Key: row.Key, Date: row.Date, Account: row.Account, Amount: row.Amount, Until: row.Until, Reason: row.Reason, By: row.By,
		})
	case yearfolder.Unhold:
		_, err = y.savings.ReleaseTx(tx, savings.HoldRelease{Key: row.Key, Hold: row.Of, Amount: row.Amount, Reason: row.Reason, By: row.By})
	case yearfolder.Block:
		_, err = y.savings.BlockTx(tx, savings.Blocking{
			Key: row.Key, Date: row.Date, Account: row.Account, Block: row.Blocked, Until: row.Until, Reason: row.Reason, By: row.By,
		})
	case yearfolder.Unblock:
		_, err = y.savings.UnblockTx(tx, savings.Unblocking{Key: row.Key, Date: row.Date, Account: row.Account, Reason: row.Reason, By: row.By})
	}
	return err
}

// agreement carries out what a member and the cooperative agree, which moves
// no money.
func (y *Year) agreement(tx *ledger.Tx, row *yearfolder.SavingsRow) error {
	dated := savings.DatedRatio{From: row.Date, Ratio: row.Ratio}
	var err error
	switch row.Event {
	case yearfolder.Redirect:
		_, err = y.savings.RedirectTx(tx, savings.Redirection{Key: row.Key, Date: row.Date, Account: row.Account, PayTo: row.PayTo})
	case yearfolder.Agree:
		_, err = y.savings.AgreeTx(tx, savings.Agreement{Key: row.Key, Account: row.Account, Nisbah: dated, Document: row.Document})
	case yearfolder.Zakat:
		_, err = y.savings.MandateZakatTx(tx, savings.ZakatMandate{Key: row.Key, Account: row.Account, Part: dated, Document: row.Document})
	case yearfolder.Mandate:
		_, err = y.savings.MandateDuesTx(tx, savings.DuesMandate{Key: row.Key, Date: row.Date, Account: row.Account, From: row.To, Document: row.Document})
	case yearfolder.Instruct:
		_, err = y.savings.InstructTx(tx, savings.Instruction{
			Key: row.Key, Date: row.Date, Account: row.Account, Rollover: savings.Rollover(row.Rollover), Payout: savings.Payout(row.Payout),
			PayTo: row.PayTo, Document: row.Document,
		})
	case yearfolder.Reactivate:
		_, err = y.savings.ReactivateTx(tx, savings.Reactivation{Key: row.Key, Date: row.Date, Account: row.Account, Reason: row.Reason, By: row.By})
	}
	return err
}

// bulkRows pays a list of bulk.csv in: all its rows or none of them.
func (y *Year) bulkRows(tx *ledger.Tx, rows []yearfolder.BulkRow) error {
	list := savings.BulkDeposit{Date: rows[0].Date, Counter: savings.Place{Account: rows[0].Counter}}
	places := map[int]yearfolder.Place{}
	for _, row := range rows {
		places[row.Line] = row.Place
		list.List.Lines = append(list.List.Lines, savings.BulkLine{
			Line: row.Line, Key: row.Key, Account: row.Account, Member: row.Member, Product: row.Product, Amount: row.Amount, Note: oneLine(row.Note),
		})
	}
	_, err := y.savings.DepositAllTx(tx, list)
	var wrong *savings.BulkError
	if !errors.As(err, &wrong) {
		return err
	}
	var faults yearfolder.Faults
	for _, f := range wrong.Faults {
		place, there := places[f.Line]
		if !there {
			place = rows[0].Place
		}
		text, refused := reason(f.Err)
		if !refused {
			text = f.Err.Error()
		}
		faults = append(faults, place.Faultf("list of deposits: %s", text))
	}
	return faults
}

// memberRow carries out a row of member_events.csv.
func (y *Year) memberRow(tx *ledger.Tx, row *yearfolder.MemberEvent) error {
	var documents []string
	if row.Document != "" {
		documents = []string{row.Document}
	}
	var err error
	switch row.Event {
	case yearfolder.Admit:
		_, err = y.savings.AdmitTx(tx, savings.Admission{Key: row.Key, Date: row.Date, Member: row.Member, ApprovedBy: row.By, Documents: documents})
	case yearfolder.Leave:
		_, err = y.savings.LeaveTx(tx, savings.Leaving{Key: row.Key, Date: row.Date, Member: row.Member, Reason: row.Reason, Documents: documents})
	case yearfolder.Expel:
		_, err = y.savings.LeaveTx(tx, savings.Leaving{
			Key: row.Key, Date: row.Date, Member: row.Member, Reason: row.Reason, Cause: savings.Expelled, Documents: documents,
		})
	case yearfolder.Die:
		known := row.Known
		if known.IsZero() {
			known = row.Date
		}
		_, err = y.savings.DieTx(tx, savings.Death{Key: row.Key, Date: row.Date, Known: known, Member: row.Member, Documents: documents, By: row.By})
	case yearfolder.SettleClaim:
		_, err = y.savings.SettleTx(tx, savings.Settlement{
			Key: row.Key, Date: row.Date, Member: row.Member, From: row.From, Waived: row.Waived, Document: row.Document, Approver: row.By,
		})
	case yearfolder.PayClaim:
		_, err = y.savings.PayClaimTx(tx, savings.ClaimPayment{
			Key: row.Key, Date: row.Date, Member: row.Member, Amount: row.Amount, Counter: savings.Place{Account: row.Account},
			Payee: row.Payee, Document: row.Document, Approver: row.By,
		})
	case yearfolder.UndoMember:
		_, err = y.savings.ReverseTx(tx, savings.Reversal{Key: row.Key, Of: row.Of, Date: row.Date, Reason: row.Reason, Approver: row.By})
	}
	return err
}

// firstTerms returns what product_terms.csv says of a product from the opening
// date on.
func (y *Year) firstTerms(product string) (yearfolder.ProductTerms, bool) {
	for _, row := range y.folder.Terms {
		if row.Product == product && row.Terms.From == y.folder.Cooperative.OpeningDate {
			return row, true
		}
	}
	return yearfolder.ProductTerms{}, false
}

// setTerms enters the later terms of products and, where the folder says where
// claims stand, the policy of the cooperative.
func (y *Year) setTerms(tx *ledger.Tx, refused *refusals) error {
	for _, row := range y.folder.Terms {
		if row.Terms.From == y.folder.Cooperative.OpeningDate {
			continue
		}
		_, err := y.savings.ChangeProductTx(tx, savings.ProductChange{Key: rowKey(row.Place), Code: row.Product, Terms: row.Terms})
		if err := refused.noteAt(row.Place, "terms of product "+row.Product, err); err != nil {
			return err
		}
	}
	claims := y.folder.Roles[yearfolder.SavingsClaims]
	if claims.Code == "" {
		return nil
	}
	policy := savings.DefaultPolicy()
	policy.From, policy.Claims = y.folder.Cooperative.OpeningDate, claims.Code
	_, err := y.savings.SetPolicyTx(tx, savings.PolicySetting{Key: rowKey(claims.Place), Policy: policy})
	return refused.noteAt(claims.Place, "role "+string(claims.Name), err)
}

// has reports whether any terms of a product of the folder fit.
func (y *Year) has(fits func(savings.Terms) bool) (yearfolder.Place, bool) {
	for _, row := range y.folder.Terms {
		if fits(row.Terms) {
			return row.Place, true
		}
	}
	return yearfolder.Place{}, false
}

// mature carries out, at the beginning of a day, what was agreed for time
// savings that mature on it.
func (y *Year) mature(ctx context.Context, day ledger.Date) error {
	place, found := y.has(func(t savings.Terms) bool { return len(t.Tenors) > 0 })
	if !found {
		return nil
	}
	done, err := y.savings.EndDay(ctx, savings.DayEnd{Key: programKey("maturity"), Day: day, Memo: "Jatuh tempo"})
	if err != nil {
		return err
	}
	for _, refusal := range done.Refused {
		if err := y.refusedOnce(place, fmt.Sprintf("maturity on %s", day), refusal); err != nil {
			return err
		}
	}
	return nil
}

// refusedOnce notes a refusal that comes again day after day once.
func (y *Year) refusedOnce(p yearfolder.Place, what string, err error) error {
	if y.told[err.Error()] {
		return nil
	}
	mark(&y.told, err.Error())
	return y.refusedByRule(p, what, err)
}

// markDormant marks, at the end of a month, the accounts that have become dormant.
func (y *Year) markDormant(ctx context.Context, day ledger.Date) error {
	if _, found := y.has(func(t savings.Terms) bool { return t.DormantMonths > 0 }); !found {
		return nil
	}
	_, err := y.savings.MarkAllDormant(ctx, savings.DormancyRun{Key: programKey("dormant/" + day.String()), Date: day})
	return err
}
