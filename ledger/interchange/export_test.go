package interchange

import (
	"bytes"
	"context"
	"io"

	"github.com/mizan-coop/mizan/ledger"
)

// Rewrite reads one line of a change and writes it again, without any digest
// being looked at.
func Rewrite(number uint64, line []byte) ([]byte, error) {
	r := newBookReader(context.Background(), bytes.NewReader(line))
	ch, more, err := r.change(number)
	if err != nil || !more {
		return nil, err
	}
	var out bytes.Buffer
	w := bookWriter{writer: newWriter(&out, ledger.IDR)}
	if err := w.change(&ch); err != nil {
		return nil, err
	}
	if err := w.out.Flush(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// ImportBookUpTo is ImportBook with another limit of a line.
func ImportBookUpTo(maxLine int, store ledger.Store, c ledger.Config, r io.Reader) (*ledger.Book, error) {
	in := newBookReader(context.Background(), r)
	in.maxLine = maxLine
	return in.restore(store, c)
}

// ReadSheetUpTo is ReadSheet with another limit.
func ReadSheetUpTo(most int, r io.Reader, c ledger.Currency) (*Sheet, error) {
	return readSheet(r, c, most)
}
