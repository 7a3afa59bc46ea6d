package year

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
	"github.com/mizan-coop/mizan/profitshare"
)

// Year is a cooperative's year in its books: the folder that says what
// happened, and the desks that write it down. [Keep] makes one.
type Year struct {
	folder    *yearfolder.Folder
	book      *ledger.Book
	savings   *savings.Desk
	contracts *murabahah.Desk
	plan      profitshare.Plan
	shares    *profitshare.Desk
	terms     map[string]murabahah.Terms // of the folder's contracts, by id
	names     map[string]string          // of members, by id: the book keeps none
	subs      map[string]subKind         // of control accounts, by code
	waiting   map[string][]string        // savings accounts by the account that is to get their share
	// anniversaries are time savings whose shares are, or were, to be paid on the
	// day of the month on which they began.
	anniversaries map[string]bool
	told          map[string]bool // refusals of maturities that were noted
	refused       refusals
	allowances    []allowed // of the months so far
}

// Read reads a folder of CSV files, the terms of its contracts included. It
// returns all that is wrong with it, in the order of files and lines.
func Read(files fs.FS) (*yearfolder.Folder, yearfolder.Faults) {
	folder, faults := yearfolder.Read(files)
	faults = append(faults, checkTerms(folder)...)
	faults.Sort()
	return folder, faults
}

// Keep runs a folder's year, day by day, in a new book of a store. With faults
// the books are not those of the folder and good for nothing; an error means
// that they could not be kept at all. progress is told what is being done.
func Keep(ctx context.Context, store ledger.Store, folder *yearfolder.Folder, progress func(string)) (*Year, yearfolder.Faults, error) {
	y, err := openBooks(ctx, store, folder)
	if err != nil || len(y.refused.faults) > 0 {
		return y, y.refused.sorted(), err
	}
	if err := y.run(ctx, progress); err != nil {
		return y, nil, err
	}
	return y, y.refused.sorted(), nil
}

// run goes through the year in the folder's order: within a day the pay-out of
// last month's shares, then savings, murabahah and journal; after a month's
// last day its shares, after the last month's the closing of the year.
func (y *Year) run(ctx context.Context, progress func(string)) error {
	c := y.folder.Cooperative
	rows := y.folder.Steps()
	for day := c.OpeningDate; !day.After(c.LastDay); day = day.Next() {
		progress(day.String())
		if day == day.Month().First() && day.After(c.FirstDay) {
			if err := y.payShares(ctx, day.Month().Prev()); err != nil {
				return err
			}
		}
		if err := y.payAnniversaries(ctx, day); err != nil {
			return err
		}
		if err := y.mature(ctx, day); err != nil {
			return err
		}
		today := 0
		for today < len(rows) && rows[today].Date == day {
			today++
		}
		if err := y.day(ctx, rows[:today]); err != nil {
			return fmt.Errorf("%s: %w", day, err)
		}
		rows = rows[today:]
		switch day {
		case c.OpeningDate:
			brought, err := y.bringBalances(ctx)
			if err != nil {
				return fmt.Errorf("opening balances: %w", err)
			}
			if !brought {
				return nil // all that follows would only lack them
			}
		case day.Month().Last():
			if err := y.markDormant(ctx, day); err != nil {
				return err
			}
			if err := y.provide(ctx, day.Month()); err != nil {
				return err
			}
			if err := y.shareProfit(ctx, day.Month()); err != nil {
				return err
			}
		}
	}
	err := y.book.Update(ctx, func(tx *ledger.Tx) error {
		_, _, err := tx.CloseYear(ledger.YearEnd{Key: programKey("close"), Day: c.LastDay, Result: y.role(yearfolder.ClosingResult)})
		return err
	})
	return y.refusedByRule(y.folder.Roles[yearfolder.ClosingResult].Place, "closing the year", err)
}

// day carries out the rows of one day in a single Update. A row that a rule
// refuses has changed nothing: it is noted, and the next one follows.
func (y *Year) day(ctx context.Context, rows []yearfolder.Step) error {
	if len(rows) == 0 {
		return nil
	}
	var refused refusals
	err := y.book.Update(ctx, func(tx *ledger.Tx) error {
		refused = y.refused.clone() // an Update may run again
		for _, row := range rows {
			err := tx.Atomic(func() error { return y.row(tx, row) })
			if err == nil {
				continue
			}
			if err := refused.note(tx, row, err); err != nil {
				return err
			}
		}
		return nil
	})
	y.refused = refused
	return err
}

// row carries out one row of savings.csv, member_events.csv or
// murabahah_events.csv, one list of bulk.csv, or one entry of journal.csv.
func (y *Year) row(tx *ledger.Tx, row yearfolder.Step) error {
	switch {
	case row.Savings != nil:
		return y.savingsRow(tx, row.Savings)
	case row.Bulk != nil:
		return y.bulkRows(tx, row.Bulk)
	case row.Member != nil:
		return y.memberRow(tx, row.Member)
	case row.Event != nil:
		return y.murabahahRow(tx, row.Event)
	}
	return y.journalEntry(tx, row.Entry)
}

// Book returns the year's book.
func (y *Year) Book() *ledger.Book { return y.book }

// Check looks for contradictions in the books, the contracts' own checks
// included. The first that it finds is its error.
func (y *Year) Check(ctx context.Context) error {
	checks := slices.Concat(savings.Checks(), murabahah.Checks(y.murabahahAccounts()), profitshare.Checks())
	for finding, err := range y.book.Check(ctx, checks...) {
		if err != nil {
			return err
		}
		return fmt.Errorf("the books contradict themselves: %s", finding)
	}
	return nil
}

// role returns the account that plays a role.
func (y *Year) role(name yearfolder.RoleName) string { return y.folder.Roles[name].Code }

// programKey is the key of a command that no row of the folder asks for.
func programKey(name string) string { return yearfolder.ReservedPrefix + name }

// rowKey is the key of a command that a row without a key of its own asks for.
func rowKey(p yearfolder.Place) string { return programKey(fmt.Sprintf("%s:%d", p.File, p.Line)) }

// fixedClock stamps every change with the same instant, so that two runs of a
// folder give the same digests: the morning after the last day.
func fixedClock(folder *yearfolder.Folder) func() time.Time {
	year, month, day := folder.Cooperative.LastDay.Next().YMD()
	instant := time.Date(year, month, day, 8, 0, 0, 0, time.UTC)
	return func() time.Time { return instant }
}
