package ledger_test

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// bytesOf deals out fuzzed bytes as choices and values; at its end, zeros.
type bytesOf []byte

func (b *bytesOf) next() byte {
	if len(*b) == 0 {
		return 0
	}
	first := (*b)[0]
	*b = (*b)[1:]
	return first
}

func pick[T any](b *bytesOf, from ...T) T { return from[int(b.next())%len(from)] }

func (b *bytesOf) number() int64 {
	var bits [8]byte
	for i := range bits {
		bits[i] = b.next()
	}
	return int64(binary.BigEndian.Uint64(bits[:]))
}

func (b *bytesOf) amount() ledger.Money {
	switch b.next() % 4 {
	case 0:
		return ledger.Minor(b.number())
	case 1:
		return pick(b, ledger.Money{}, ledger.Minor(ledger.MaxMoney), ledger.Minor(-ledger.MaxMoney), ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1)))
	}
	return ledger.Minor(int64(int8(b.next())))
}

func (b *bytesOf) text() string {
	n := min(int(b.next())%16, len(*b))
	text := string((*b)[:n])
	*b = (*b)[n:]
	return text
}

func (b *bytesOf) date() ledger.Date {
	if b.next()%8 == 0 {
		return pick(b, ledger.Date{}, ledger.On(2026, 2, 30), ledger.On(1900, 1, 1), ledger.On(9999, 12, 31))
	}
	return eventfulDay.AddDays(int(int8(b.next())))
}

func (b *bytesOf) entry() ledger.Entry {
	e := ledger.Entry{Key: pick(b, "K1", "K2", "K3", "K4", "T1", b.text()), Date: b.date(), Memo: b.text(), Phase: ledger.Phase(pick(b, 0, 0, 0, 1, 2, 3))}
	if b.next()%4 == 0 {
		e.Document, e.Maker, e.Approver, e.Waiver = b.text(), b.text(), b.text(), b.text()
		e.Source = ledger.Source{Kind: b.text(), ID: b.text(), Version: int(int8(b.next())), Event: b.text()}
	}
	for range b.next() % 6 {
		l := ledger.Line{
			Account: pick(b, "10102", "30101", "20101", "99101", "99199", "40401", "60101", "1", b.text()),
			Sub:     pick(b, "", "M1", "M2", b.text()), Amount: b.amount(),
		}
		if b.next()%4 == 0 {
			l.Party = ledger.Party{Member: b.text(), Standing: ledger.Standing(b.next() % 5)}
			l.Activity = ledger.Activity(b.next() % 6)
		}
		e.Lines = append(e.Lines, l)
	}
	if len(e.Lines) > 0 && b.next()%4 != 0 { // most balance, so that most get far
		rest := ledger.Money{}
		for _, l := range e.Lines {
			rest = rest.Sub(l.Amount)
		}
		e.Lines = append(e.Lines, ledger.Line{Account: "40401", Amount: rest})
	}
	return e
}

// FuzzEntry posts entries made of arbitrary bytes on a book in which everything
// has happened already. None panics; what is taken balances and had no
// violations; what is refused is refused with the first of them and has
// changed nothing; and the book is sound in the end.
func FuzzEntry(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x00\x01\x20Setoran\x00\x00\x02\x00\x01\x02\x10\x01\x01\x02\x10"))
	f.Add([]byte(strings.Repeat("\x02\x01\x40\x00\x00\x01\x03\x01\x01\x02\x50\x01", 20)))
	f.Add([]byte(strings.Repeat("\x7f\xff\x80\x00\x01\xfe", 60)))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx := context.Background()
		book := newEventful(t, ledger.NewMemory(), "b")
		from := bytesOf(data)
		for len(from) > 0 {
			e := from.entry()
			require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
				before, err := tx.Head()
				require.NoError(t, err)
				violations, err := tx.Violations(e)
				require.NoError(t, err)
				posted, err := tx.Post(e)
				after, headErr := tx.Head()
				require.NoError(t, headErr)
				if err == nil {
					require.Empty(t, violations)
					require.Equal(t, posted.Repeat, before == after)
					var sum ledger.BalanceDays
					for _, l := range posted.Lines {
						sum = sum.Add(l.Amount.Over(1))
					}
					require.Equal(t, ledger.BalanceDays{}, sum)
					return nil
				}
				require.Equal(t, before, after)
				require.NotEmpty(t, violations)
				require.NotContains(t, err.Error(), "\n")
				var refusal *ledger.Refusal
				if errors.As(err, &refusal) {
					require.Equal(t, violations[0], refusal)
				} else {
					require.ErrorIs(t, err, ledger.ErrKeyConflict)
				}
				return nil
			}))
		}
		requireSound(t, book)
	})
}
