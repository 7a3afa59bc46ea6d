package profitshare

import (
	"encoding/json"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// AdoptedKind is the kind of the records that keep a long list of what was taken
// over, page by page, since a record holds no more than [ledger.MaxData]. A
// record's id is that of the run, or of the plan and the version of its losses,
// and the page's number: "2026-03/umum/0001". It has one version.
const AdoptedKind = "profitshare.adopted"

const (
	// adoptedInline is how many rows a run or a loss keeps in its own event.
	adoptedInline = 1000
	// adoptedPage is how long a page may become, in bytes.
	adoptedPage = ledger.MaxData / 2
)

// page is the state of a page; the rows are the event's data.
type page struct {
	Of   string `json:"of"`
	Page int    `json:"page"`
	Rows int    `json:"rows"`
}

func pageID(of string, n int) string { return fmt.Sprintf("%s/%04d", of, n) }

// pagesOf is what the pages of a loss that was taken over are of.
func (l *Loss) pagesOf(plan string) string { return fmt.Sprintf("%s/%d", plan, l.Version) }

// adopted reads who carries a loss that was taken over.
func (l *Loss) adopted(tx *ledger.Tx, plan string) ([]Carried, error) {
	if l.AdoptedPages == 0 {
		return l.Adopted, nil
	}
	return readPages[Carried](tx, l.pagesOf(plan), l.AdoptedPages)
}

// savePages keeps rows in pages and returns how many there are.
func savePages[T any](tx *ledger.Tx, of string, rows []T) (int, error) {
	pages, size := 0, 0
	var part []json.RawMessage
	save := func() error {
		pages++
		data, err := json.Marshal(part)
		if err != nil {
			return err
		}
		state, err := json.Marshal(page{of, pages, len(part)})
		if err != nil {
			return err
		}
		part, size = part[:0], 0
		_, err = tx.Save(ledger.Record{Kind: AdoptedKind, ID: pageID(of, pages), Version: 1, Event: string(EventAdopt), Data: data, Format: format, State: state})
		return err
	}
	for _, row := range rows {
		text, err := json.Marshal(row)
		if err != nil {
			return 0, fmt.Errorf("profitshare: %s: %w", clipText(of), err)
		}
		if size+len(text) > adoptedPage && len(part) > 0 {
			if err := save(); err != nil {
				return 0, err
			}
		}
		part, size = append(part, text), size+len(text)+1
	}
	err := save()
	return pages, err
}

// readPages reads the rows of all pages.
func readPages[T any](tx *ledger.Tx, of string, pages int) ([]T, error) {
	var all []T
	for n := 1; n <= pages; n++ {
		r, found, err := tx.Record(AdoptedKind, pageID(of, n))
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("%w: page %d of what %s has taken over is missing", ledger.ErrCorrupt, n, clipText(of))
		}
		var rows []T
		if err := decode(&r, r.Data, &rows); err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}
