package year

import (
	"context"
	"io"

	"github.com/mizan-coop/mizan/examples/koperasi/outfolder"
	"github.com/mizan-coop/mizan/ledger"
)

// table is one CSV file of the out folder, read from the books.
type table struct {
	name   string
	header []string
	rows   func(y *Year, tx *ledger.Tx, add addRow) error
}

// addRow adds a row to a table.
type addRow func(cells ...string) error

// Files returns the files of the out folder. Their content is read from the
// books when they are written.
func (y *Year) Files(ctx context.Context) []outfolder.File {
	var files []outfolder.File
	tables := []table{trialBalance, totals, balances, distribution, contracts, schedules}
	if y.folder.Collectibility != nil {
		tables = append(tables, arrearsTables()...)
	}
	for _, t := range tables {
		files = append(files, outfolder.Table{Name: t.name, Header: t.header, Rows: func(add func(cells ...string) error) error {
			return y.book.View(ctx, func(tx *ledger.Tx) error { return t.rows(y, tx, add) })
		}}.File())
	}
	for _, f := range []struct {
		name  string
		write func(*Year, *ledger.Tx, io.Writer) error
	}{{"journal.hledger", journal}, {"statements.txt", statementsText}, {"statements.html", statementsPage}} {
		files = append(files, outfolder.File{Name: f.name, Write: func(w io.Writer) error {
			return y.book.View(ctx, func(tx *ledger.Tx) error { return f.write(y, tx, w) })
		}})
	}
	if y.folder.Further {
		for _, f := range registers {
			files = append(files, outfolder.File{Name: f.name, Write: func(w io.Writer) error {
				return y.book.View(ctx, func(tx *ledger.Tx) error { return f.write(y, tx, w) })
			}})
		}
	}
	return files
}

// rupiah returns amounts as cells.
func rupiah(amounts ...ledger.Money) ([]string, error) {
	cells := make([]string, len(amounts))
	for i, amount := range amounts {
		cell, err := outfolder.Amount(amount)
		if err != nil {
			return nil, err
		}
		cells[i] = cell
	}
	return cells, nil
}
