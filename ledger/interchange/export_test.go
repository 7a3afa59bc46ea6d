package interchange

import (
	"bytes"
	"context"

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
