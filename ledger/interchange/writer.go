package interchange

import (
	"bufio"
	"io"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// writeSize is how much an export gathers before it writes.
const writeSize = 64 << 10

// writer puts text together and hands it on in large pieces.
type writer struct {
	out      *bufio.Writer
	currency ledger.Currency
	day      ledger.Date // the day that dayText shows: entries mostly share theirs
	dayText  string
}

func newWriter(w io.Writer, c ledger.Currency) *writer {
	return &writer{out: bufio.NewWriterSize(w, writeSize), currency: c}
}

// line returns an empty buffer to append to. What is put together goes to
// write before the next line is begun.
func (w *writer) line() []byte { return w.out.AvailableBuffer() }

func (w *writer) write(b []byte) error {
	_, err := w.out.Write(b)
	return err
}

// date adds YYYY-MM-DD.
func (w *writer) date(b []byte, d ledger.Date) []byte {
	if d != w.day {
		w.day, w.dayText = d, d.String()
	}
	return append(b, w.dayText...)
}

// amount adds an amount with all decimals of the currency and without grouping.
func (w *writer) amount(b []byte, m ledger.Money) []byte {
	minor := m.Minor()
	if minor < 0 {
		b = append(b, '-')
		minor = -minor
	}
	decimals := w.currency.Digits()
	start := len(b)
	b = strconv.AppendInt(b, minor, 10)
	if decimals == 0 {
		return b
	}
	for len(b)-start <= decimals { // at least one digit before the point
		b = append(b, 0)
		copy(b[start+1:], b[start:])
		b[start] = '0'
	}
	b = append(b, 0)
	point := len(b) - 1 - decimals
	copy(b[point+1:], b[point:])
	b[point] = '.'
	return b
}

// eachEntry calls write with every entry of a book, in the order of their numbers.
func eachEntry(tx *ledger.Tx, write func(*ledger.Posted) error) error {
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if ch.Posted == nil {
			continue
		}
		if err := write(ch.Posted); err != nil {
			return err
		}
	}
	return nil
}
