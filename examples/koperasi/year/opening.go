package year

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
	"github.com/mizan-coop/mizan/profitshare"
)

// openBooks creates the book in a store, with the folder's chart, products and
// members. What the library refuses of them is among the year's refusals.
func openBooks(ctx context.Context, store ledger.Store, folder *yearfolder.Folder) (*Year, error) {
	c := folder.Cooperative
	book, err := ledger.Create(ctx, store, ledger.Config{
		ID: c.ID, Currency: c.Currency, Chart: folder.Chart(), Clock: fixedClock(folder),
	})
	if err != nil {
		return &Year{}, err
	}
	y := &Year{
		folder: folder, book: book, plan: planOf(folder), terms: termsByID(folder),
		names: map[string]string{}, subs: map[string]subKind{}, waiting: map[string][]string{},
	}
	y.savings = savings.NewDesk(book)
	y.contracts = murabahah.NewDesk(book, y.murabahahAccounts())
	y.shares = profitshare.NewDesk(book, y.plan, earners{})
	y.look()
	var refused refusals
	err = book.Update(ctx, func(tx *ledger.Tx) error {
		refused = refusals{}
		for _, product := range folder.Products {
			_, err := y.savings.AddProductTx(tx, y.productOpening(product))
			place := product.Place
			if row, said := y.firstTerms(product.Code); said {
				place = row.Place
			}
			if err := refused.noteAt(place, "product", err); err != nil {
				return err
			}
		}
		if err := y.setTerms(tx, &refused); err != nil {
			return err
		}
		for _, member := range folder.Members {
			joining := savings.Joining{Key: rowKey(member.Place), Date: member.Joined, Member: member.ID, ApprovedBy: oneLine(member.ApprovedBy)}
			if member.Candidate {
				joining.Standing = ledger.Candidate
			}
			_, err := y.savings.JoinTx(tx, joining)
			if err := refused.noteAt(member.Place, "member", err); err != nil {
				return err
			}
		}
		return nil
	})
	y.refused = refused
	return y, err
}

// look notes what rows of the folder will ask for again and again.
func (y *Year) look() {
	for _, member := range y.folder.Members {
		y.names[member.ID] = oneLine(member.Name)
	}
	for _, product := range y.folder.Products {
		y.subs[product.Control] = savingsSubs
	}
	a := y.murabahahAccounts()
	for _, code := range []string{a.Inventory, a.Receivable, a.DeferredMargin, a.DownPayment, a.Deposit, a.Agent, a.Due, a.Held, a.DiscountOwed} {
		if code != "" {
			y.subs[code] = contractSubs
		}
	}
	y.subs[y.plan.Payable] = shareSubs
	for _, row := range y.folder.Terms {
		for _, code := range []string{row.Terms.MaturedAccount, row.Terms.CallAccount} {
			if code != "" {
				y.subs[code] = savingsOwnSubs
			}
		}
	}
	if code := y.role(yearfolder.SavingsClaims); code != "" {
		y.subs[code] = savingsOwnSubs
	}
	for _, row := range y.folder.Savings {
		if row.Payout == string(savings.AtAnniversary) {
			mark(&y.anniversaries, row.Account)
		}
		if row.Event == yearfolder.Open && row.PayTo != row.Account {
			y.waiting[row.PayTo] = append(y.waiting[row.PayTo], row.Account)
		}
	}
}

// productOpening offers a product from the opening date on, whose accounts
// bring their balances along.
func (y *Year) productOpening(p yearfolder.Product) savings.ProductOpening {
	if first, said := y.firstTerms(p.Code); said {
		return savings.ProductOpening{Key: rowKey(p.Place), Code: p.Code, Akad: savings.Akad(p.Akad), Control: p.Control, Terms: first.Terms}
	}
	return savings.ProductOpening{
		Key: rowKey(p.Place), Code: p.Code, Akad: savings.Akad(p.Akad), Control: p.Control,
		Terms: savings.Terms{
			From: y.folder.Cooperative.OpeningDate, Name: oneLine(p.Name), Nisbah: p.Nisbah,
			MinOpening: p.MinOpening, MinBalance: p.MinBalance, ShareAccount: p.ShareAccount, Taxed: p.ShareAccount != "",
		},
	}
}

// bringBalances posts the opening balances as one entry. Where floors refuse
// it, it is imported past them, so that the year can be searched for further
// faults; it reports false if even that cannot be done.
func (y *Year) bringBalances(ctx context.Context) (brought bool, err error) {
	if len(y.folder.Opening) == 0 {
		return true, nil
	}
	var refused refusals
	err = y.book.Update(ctx, func(tx *ledger.Tx) error {
		refused, brought = y.refused.clone(), true
		entry := ledger.Entry{Key: programKey("opening"), Date: y.folder.Cooperative.OpeningDate, Memo: "Saldo awal"}
		lines, err := y.lines(tx, entry.Date, y.folder.Opening)
		if entry.Lines = lines; err == nil {
			err = post(tx, entry, y.folder.Opening)
		}
		var faults yearfolder.Faults
		if !errors.As(err, &faults) {
			return err
		}
		refused.faults = append(refused.faults, faults...)
		for _, row := range y.folder.Opening {
			mark(&refused.short, row.Sub)
		}
		_, err = tx.Import(entry)
		brought = err == nil
		return nil
	})
	y.refused = refused
	return brought, err
}

// oneLine makes a text that may have line breaks fit the book, which keeps
// every text on one line of its exports.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text))
}
