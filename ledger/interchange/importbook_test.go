package interchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

func exportBook(out *bytes.Buffer, tx *ledger.Tx) error { return interchange.ExportBook(out, tx) }

func importBook(store ledger.Store, r io.Reader) (*ledger.Book, error) {
	return interchange.ImportBook(context.Background(), store, ledger.Config{Clock: clock()}, r)
}

func headOf(tb testing.TB, book *ledger.Book) ledger.Head {
	tb.Helper()
	head, err := book.Head(context.Background())
	require.NoError(tb, err)
	return head
}

// requireRestored exports a book, imports it, and holds one against the other.
func requireRestored(t *testing.T, book *ledger.Book) {
	t.Helper()
	text := view(t, book, exportBook)
	require.True(t, utf8.ValidString(text))
	for line := range strings.Lines(text) {
		require.True(t, json.Valid([]byte(line)), line)
	}
	restored, err := importBook(ledger.NewMemory(), strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, headOf(t, book), headOf(t, restored))
	require.Equal(t, book.ID(), restored.ID())
	require.Equal(t, book.Currency(), restored.Currency())
	require.Equal(t, balancesOf(t, book), balancesOf(t, restored))
	require.Equal(t, entriesOf(t, book), entriesOf(t, restored))
	require.Equal(t, changesOf(t, book), changesOf(t, restored))
	require.True(t, text == view(t, restored, exportBook), "the export of the restored book is the same file")
}

func changesOf(tb testing.TB, book *ledger.Book) []ledger.Change {
	tb.Helper()
	var all []ledger.Change
	require.NoError(tb, book.View(context.Background(), func(tx *ledger.Tx) error {
		for ch, err := range tx.Changes(1) {
			require.NoError(tb, err)
			all = append(all, ch)
		}
		return nil
	}))
	return all
}

func TestBookRestored(t *testing.T) {
	eachBook(t, func(t *testing.T, book *ledger.Book) {
		requireRestored(t, book)
		restored, err := importBook(ledger.NewMemory(), strings.NewReader(view(t, book, exportBook)))
		require.NoError(t, err)
		requireSound(t, restored)
	})
}

// Every kind of operation, in an order that a seed decides.
func TestExercisedBookRestored(t *testing.T) {
	for _, seed := range []uint64{11, 12} {
		store := ledger.NewMemory()
		head := ledgertest.Exercise(t, store, seed, 1500)
		book, err := ledger.Open(context.Background(), store, config(head.Book))
		require.NoError(t, err)
		requireRestored(t, book)
	}
}

// The restored book goes on where the other stood: it knows the old keys, and
// the same command gives the same digest in both.
func TestRestoredBookGoesOn(t *testing.T) {
	ctx := context.Background()
	book := smallBook(t)
	text := view(t, book, exportBook)
	restored, err := importBook(ledger.NewMemory(), strings.NewReader(text))
	require.NoError(t, err)

	first := entriesOf(t, book)[0]
	again, err := restored.Post(ctx, first.Entry)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	other := first.Entry
	other.Memo = "lain"
	_, err = restored.Post(ctx, other)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)

	require.NoError(t, restored.View(ctx, func(tx *ledger.Tx) error {
		held, found, err := tx.HeldUnder("H-1")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, rp(40_000), held.Left)
		record, found, err := tx.Record("murabahah", "K1")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, 2, record.Version)
		return nil
	}))
	requireSound(t, restored)
}

func TestImportBookByID(t *testing.T) {
	ctx := context.Background()
	text := view(t, smallBook(t), exportBook)
	store := ledger.NewMemory()
	_, err := interchange.ImportBook(ctx, store, ledger.Config{ID: "lain", Clock: clock()}, strings.NewReader(text))
	require.ErrorIs(t, err, interchange.ErrFile)
	require.EqualError(t, err, `interchange: line 1: the book is "kspps-melati", asked for is "lain"`)
	_, err = interchange.ImportBook(ctx, store, ledger.Config{ID: "kspps-melati", Clock: clock()}, strings.NewReader(text))
	require.NoError(t, err)
	_, err = importBook(store, strings.NewReader(text))
	require.ErrorIs(t, err, ledger.ErrBookExists)
	require.NotErrorIs(t, err, interchange.ErrFile)
}

// requireRefused makes sure that a text is no book, and that no book is left of it.
func requireRefused(t *testing.T, text []byte) *interchange.Fault {
	t.Helper()
	store := ledger.NewMemory()
	_, err := importBook(store, bytes.NewReader(text))
	var fault *interchange.Fault
	if !errors.As(err, &fault) || !errors.Is(err, interchange.ErrFile) {
		t.Fatalf("not refused as a faulty file: %v", err)
	}
	if _, err := ledger.Open(context.Background(), store, config("kspps-melati")); !errors.Is(err, ledger.ErrNoBook) {
		t.Fatalf("a book is left: %v", err)
	}
	return fault
}

// A changed byte, a missing byte and a byte too many are refused wherever they
// are, a changed one at its line; what only the header says shows at the
// second line at the latest.
func TestEveryByteCounts(t *testing.T) {
	text := []byte(view(t, smallBook(t), exportBook))
	line := 1
	masks := []byte{0x01, 0x20, 0x80, 0x10}
	step := 1
	if testing.Short() {
		step = 7
	}
	for i := range text {
		if i%step != 0 && text[i] != '\n' {
			continue
		}
		changed := slices.Clone(text)
		changed[i] ^= masks[i%len(masks)]
		fault := requireRefused(t, changed)
		if fault.Line != line && (line != 1 || fault.Line != 2) {
			t.Fatalf("byte %d changed in line %d, but told of line %d: %v", i, line, fault.Line, fault)
		}
		if i%3 == 0 {
			requireRefused(t, slices.Delete(slices.Clone(text), i, i+1))
		}
		if i%5 == 0 {
			requireRefused(t, slices.Insert(slices.Clone(text), i, []byte(" \n0,\"")[i/5%5]))
		}
		if text[i] == '\n' {
			line++
		}
	}
}

func TestCutOffFileIsRefused(t *testing.T) {
	text := []byte(view(t, smallBook(t), exportBook))
	for n := 0; n < len(text); n += 7 {
		requireRefused(t, text[:n])
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines = lines[:len(lines)-1]
	for n := range lines {
		fault := requireRefused(t, bytes.Join(lines[:n], nil))
		require.Equal(t, n+1, fault.Line)
		if n > 0 {
			require.ErrorIs(t, fault, io.ErrUnexpectedEOF)
		}
	}
	requireRefused(t, text[:len(text)-1])
	require.Equal(t, len(lines)+1, requireRefused(t, append(slices.Clone(text), '\n')).Line)
}

func TestReorderedLinesAreRefused(t *testing.T) {
	lines := bytes.SplitAfter([]byte(view(t, smallBook(t), exportBook)), []byte("\n"))
	lines = lines[:len(lines)-1]
	for i := range lines[1:] {
		swapped := slices.Clone(lines)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		require.Equal(t, i+1, requireRefused(t, bytes.Join(swapped, nil)).Line)
		require.Equal(t, i+1, requireRefused(t, bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil)).Line)
		require.Equal(t, i+2, requireRefused(t, bytes.Join(slices.Insert(slices.Clone(lines), i, lines[i]), nil)).Line)
	}
}

func TestFaultsOfLines(t *testing.T) {
	text := view(t, smallBook(t), exportBook)
	for _, test := range []struct{ name, from, to, want string }{
		{"version", `{"mizan":1`, `{"mizan":2`, `line 1: byte 11: the form's version is 2, known is 1`},
		{"currency", `"IDR","digits":2}` + "\n", `"IDR","digits":3}` + "\n", `line 2: book "kspps-melati" in IDR with 2 digits: the header says otherwise`},
		{"amount", `"a":"60302","m":12345}`, `"a":"60302","m":12346}`, `line 16: corrupt book: change 15: `},
		{"too large", `"a":"60302","m":12345}`, `"a":"60302","m":9223372036854775807}`, `line 16: byte 347: beyond the largest amount`},
		{"instant", `"at":1767254400000004`, `"at":1767254400000005`, `line 16: corrupt book: change 15: `},
		{"date", `"date":"2026-11-05"`, `"date":"2026-11-31"`, `line 17: byte 318: expected a date`},
		{"escape", `"Setoran tunai`, `"\u0053etoran tunai`, `line 15: byte 290: an escape that is not needed`},
		{"number", `{"n":14,`, `{"n":16,`, `line 15: byte 8: change 16 stands where change 14 is due`},
		{"name", `"st":"member"`, `"st":"teller"`, `line 15: byte 471: an unknown name teller`},
		{"end", `{"end":30`, `{"end":29`, `line 32: byte 10: 29 changes, the file has 30`},
		{"entries", `"entries":8`, `"entries":9`, `line 32: byte 22: 9 entries, the file has 8`},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(text, test.from, test.to, 1)
			require.NotEqual(t, text, changed)
			require.Contains(t, requireRefused(t, []byte(changed)).Error(), "interchange: "+test.want)
		})
	}
}

// Values have one form. Digests would not notice another one, so the decoder
// must, which Rewrite shows by itself.
func TestOtherFormsAreRefused(t *testing.T) {
	lines := strings.Split(view(t, smallBook(t), exportBook), "\n")
	for _, test := range []struct {
		name, from, to string
		line           int
	}{
		{"white space", `{"n":14,`, `{"n": 14,`, 15},
		{"leading zero", `{"n":14,`, `{"n":014,`, 15},
		{"too many digits", `{"n":14,`, `{"n":10000000000000000014,`, 15},
		{"zero with a sign", `"m":12345}`, `"m":-0}`, 16},
		{"plus sign", `"m":12345}`, `"m":+12345}`, 16},
		{"fraction", `"m":12345}`, `"m":12345.0}`, 16},
		{"empty memo", `"lines":[{"a":"60302","m":12345}`, `"memo":"","lines":[{"a":"60302","m":12345}`, 16},
		{"empty text", `"document":"kw/1, lembar 2"`, `"document":""`, 15},
		{"empty source", `{"kind":"infak","id":"9","ver":1,"event":"terima"}`, `{"kind":"","id":"","ver":0,"event":""}`, 17},
		{"reversing nothing", `"reverses":2`, `"reverses":0`, 20},
		{"capital digits", `"chain":"0093b6c20e`, `"chain":"0093B6c20e`, 20},
		{"escaped slash", `"kw/1`, `"kw\/1`, 15},
		{"escaped letter", `"kw/1`, `"\u006bw/1`, 15},
		{"ordinary phase", `"phase":"adjusting"`, `"phase":"ordinary"`, 30},
		{"no standing", `"st":"member"`, `"st":""`, 15},
		{"another order", `"entry":1,"date":"2026-11-10"`, `"date":"2026-11-10","entry":1`, 15},
		{"something after it", `"m":-12345}]}`, `"m":-12345}]} `, 16},
		{"text in a state", `"state":"\ud800"`, `"state":"\ud800" ""`, 23},
		{"no JSON", `"state":"\ud800"`, `"state":ud800`, 23},
		{"no JSON in base64", `"data64":"ewoiaGFyZ2EiOiAxfQ=="`, `"data64":"ewoiaGFyZ2EiOiAxfX0="`, 22},
		{"base64 without need", `"state":"\ud800"`, `"state64":"Ilx1ZDgwMCI="`, 23},
		{"loose end of base64", `fQ==`, `fR==`, 22},
	} {
		t.Run(test.name, func(t *testing.T) {
			line := lines[test.line-1]
			again, err := interchange.Rewrite(uint64(test.line-1), []byte(line+"\n"))
			require.NoError(t, err)
			require.Equal(t, line+"\n", string(again))
			changed := strings.Replace(line, test.from, test.to, 1)
			require.NotEqual(t, line, changed)
			_, err = interchange.Rewrite(uint64(test.line-1), []byte(changed+"\n"))
			require.ErrorIs(t, err, interchange.ErrFile)
		})
	}
	sum := lines[14][strings.Index(lines[14], `"sum":"`)+7:][:64]
	_, err := interchange.Rewrite(14, []byte(strings.Replace(lines[14], `,"kind":`, `,"ask":"`+sum+`","kind":`, 1)+"\n"))
	require.ErrorContains(t, err, "ask equals sum")
}

func TestReaderErrorsPassThrough(t *testing.T) {
	text := view(t, smallBook(t), exportBook)
	broken := errors.New("cable")
	_, err := importBook(ledger.NewMemory(), io.MultiReader(strings.NewReader(text[:5000]), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, interchange.ErrFile)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = interchange.ImportBook(ctx, ledger.NewMemory(), ledger.Config{Clock: clock()}, strings.NewReader(text))
	require.ErrorIs(t, err, context.Canceled)
}

// twice runs every update twice, the first time for nothing, as a store may
// that lost a race.
type twice struct{ ledger.Store }

var errAgain = errors.New("again")

func (s twice) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	err := s.Store.Update(ctx, book, func(w ledger.Writer) error { return fn(forNothing{w}) })
	if !errors.Is(err, errAgain) {
		return err
	}
	return s.Store.Update(ctx, book, fn)
}

type forNothing struct{ ledger.Writer }

func (forNothing) Write(*ledger.Batch) error { return errAgain }

func TestImportBookRunsAgain(t *testing.T) {
	book := smallBook(t)
	text := view(t, book, exportBook)
	in := strings.NewReader("before\n" + text)
	_, err := in.Seek(7, io.SeekStart)
	require.NoError(t, err)
	restored, err := importBook(twice{ledger.NewMemory()}, in)
	require.NoError(t, err)
	require.Equal(t, headOf(t, book), headOf(t, restored))

	_, err = importBook(twice{ledger.NewMemory()}, iotest.HalfReader(strings.NewReader(text)))
	require.ErrorIs(t, err, interchange.ErrReadOnce)
}

// What is longer than a limit is refused by its name, at the limit it is not.
func TestLimits(t *testing.T) {
	text := view(t, smallBook(t), exportBook)
	longest, at := 0, 0
	n := 0
	for line := range strings.Lines(text) {
		if n++; len(line) > longest {
			longest, at = len(line), n
		}
	}
	_, err := interchange.ImportBookUpTo(longest, ledger.NewMemory(), ledger.Config{Clock: clock()}, strings.NewReader(text))
	require.NoError(t, err)
	_, err = interchange.ImportBookUpTo(longest-1, ledger.NewMemory(), ledger.Config{Clock: clock()}, strings.NewReader(text))
	require.EqualError(t, err, fmt.Sprintf("interchange: line %d: the line is longer than %d bytes", at, longest-1))
	require.ErrorIs(t, err, interchange.ErrFile)

	sheet := sheetHead + "2026-11-01,A,x,10102,,1,\n2026-11-01,A,x,50101,,,1\n"
	_, err = interchange.ReadSheetUpTo(len(sheet), strings.NewReader(sheet), ledger.IDR)
	require.NoError(t, err)
	_, err = interchange.ReadSheetUpTo(len(sheet)-1, strings.NewReader(sheet), ledger.IDR)
	require.EqualError(t, err, fmt.Sprintf("interchange: the file is longer than %d bytes", len(sheet)-1))
	require.ErrorIs(t, err, interchange.ErrFile)
}

// A line far longer than any buffer.
func TestLongLine(t *testing.T) {
	book := newBook(t, testChart())
	e := ledger.Entry{Key: "bagi hasil", Date: nov(30), Memo: strings.Repeat("panjang ", 100)}
	for i := range 20_000 {
		e.Lines = append(e.Lines, ledger.Credit("30101", ledger.Minor(int64(i+1))).For(strings.Repeat("M", i%100+1)))
	}
	e.Lines = append(e.Lines, ledger.Debit("60302", ledger.Minor(20_000*20_001/2)))
	_, err := book.Post(context.Background(), e)
	require.NoError(t, err)
	requireRestored(t, book)
}
