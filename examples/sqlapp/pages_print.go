package main

import (
	"bytes"
	"cmp"
	"net/http"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

// print is the handler of pages for paper: they are the library's own reports,
// with the head of the book below them as an anchor.
func (a *app) print(read func(*http.Request, *reading) (report.Report, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var b bytes.Buffer
		err := a.read(r.Context(), func(t *reading) error {
			made, err := read(r, t)
			if err != nil {
				return err
			}
			return made.HTML(&b, report.Indonesian)
		})
		if err != nil {
			a.fail(w, r, err)
			return
		}
		// A report brings its style with it, in the page.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(b.Bytes())
	}
}

// printedLines is the most lines of a printed passbook.
const printedLines = 1_000

func (a *app) printPassbook(r *http.Request, t *reading) (report.Report, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return report.Report{}, err
	}
	person, err := t.member(c.ID, r.PathValue("member"))
	if err != nil {
		return report.Report{}, err
	}
	product := strings.ToUpper(r.PathValue("product"))
	control, known := controls[product]
	if !known {
		return report.Report{}, errNotFound
	}
	var made report.Report
	err = t.inBook(c.ID, func(tx *ledger.Tx) error {
		read, err := report.ReadPassbook(tx, report.PassbookQuery{
			Account: control, Sub: accountOf(person.Number, product), From: t.today.AddMonths(-12), Limit: printedLines,
		})
		if err != nil {
			return err
		}
		err = receipts(tx, read.Lines)
		made = read.Report(c.Name, person.Name)
		return err
	})
	return made, err
}

// receipts puts the number on the member's receipt where a passbook has the
// entry's key, which is a random one of the form.
func receipts(tx *ledger.Tx, lines []report.PassbookLine) error {
	for i := range lines {
		entry, _, err := tx.Entry(lines[i].Entry)
		if err != nil {
			return err
		}
		lines[i].Key = cmp.Or(entry.Document, lines[i].Key)
	}
	return nil
}

func (a *app) printCard(r *http.Request, t *reading) (report.Report, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return report.Report{}, err
	}
	ours, err := t.order(c.ID, r.PathValue("order"))
	if err != nil {
		return report.Report{}, err
	}
	var made report.Report
	err = t.inBook(c.ID, func(tx *ledger.Tx) (err error) {
		shown := orderData{Order: ours}
		if err := shown.read(tx, c.Name, t.today); err != nil {
			return err
		}
		if made, err = shown.Card.Report(); err != nil {
			return err
		}
		made.Head, err = tx.Head()
		return err
	})
	return made, err
}
