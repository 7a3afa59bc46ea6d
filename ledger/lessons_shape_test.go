package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestLockOrder: entries that name the same accounts in opposite orders, from
// many goroutines and through two books, neither wait for each other for ever
// nor lose a rupiah.
func TestLockOrder(t *testing.T) {
	const goroutines, rounds = 16, 25
	ctx := context.Background()
	store := ledger.NewMemory()
	c := ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: testChart(), Clock: fixedClock()}
	book, err := ledger.Create(ctx, store, c)
	require.NoError(t, err)
	other, err := ledger.Open(ctx, store, c)
	require.NoError(t, err)
	subs := []string{"M1", "M2", "M3"}
	errs := together(goroutines, func(g int) error {
		through := []*ledger.Book{book, other}[g%2]
		for n := range rounds {
			from, to := subs[(g+n)%3], subs[(g+n+1+g%2)%3] // half the goroutines go round the other way
			_, err := through.Post(ctx, ledger.Entry{Key: fmt.Sprintf("%d/%d", g, n), Date: eventfulDay, Lines: []ledger.Line{
				ledger.Debit("30101", ledger.IDR.Of(1)).For(from), ledger.Credit("30101", ledger.IDR.Of(1)).For(to),
			}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, err := range errs {
		require.NoError(t, err)
	}
	head, err := book.Head(ctx)
	require.NoError(t, err)
	require.EqualValues(t, goroutines*rounds, head.Entries)
	require.Equal(t, ledger.Money{}, balanceOf(t, book, "30101", "", ledger.Latest()))
	requireSound(t, book)
}

// TestTwoImplementationsOfCanonicalBytes: one file of the module makes the
// bytes that are chained; whoever else digests something of a book calls it.
// The golden vectors of TestEncoding hold that one still.
func TestTwoImplementationsOfCanonicalBytes(t *testing.T) {
	tags := []string{`"mizan.entry.v1"`, `"mizan.record.v1"`, `"mizan.document.v1"`, `"mizan.change.v1"`, `"mizan.command.v1"`}
	places := map[string][]string{}
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".sql") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, tag := range tags {
			if strings.Contains(string(text), tag) {
				places[tag] = append(places[tag], filepath.ToSlash(path))
			}
		}
		return err
	}))
	for _, tag := range tags {
		require.Equal(t, []string{"../ledger/encode.go"}, places[tag], tag)
	}
}

// asked counts what a book asks its store while it reads.
type asked struct {
	ledger.Store
	calls []string
}

func (s *asked) View(ctx context.Context, book string, fn func(ledger.Reader) error) error {
	return s.Store.View(ctx, book, func(r ledger.Reader) error { return fn(&askedReader{r, s}) })
}

type askedReader struct {
	ledger.Reader
	by *asked
}

func (r *askedReader) Lines(q ledger.LineQuery) iter.Seq2[ledger.PostedLine, error] {
	return func(yield func(ledger.PostedLine, error) bool) {
		n := 0
		defer func() { r.by.calls = append(r.by.calls, fmt.Sprintf("%d lines", n)) }()
		for l, err := range r.Reader.Lines(q) {
			if n++; !yield(l, err) {
				return
			}
		}
	}
}

func (r *askedReader) Entry(number uint64) (ledger.Posted, bool, error) {
	r.by.calls = append(r.by.calls, "entry")
	return r.Reader.Entry(number)
}

func (r *askedReader) Changes(from uint64) iter.Seq2[ledger.Change, error] {
	r.by.calls = append(r.by.calls, "changes")
	return r.Reader.Changes(from)
}

// TestPassbookPageIsOneRange: a page of 50 lines of a sub with thousands is one
// read of 50 lines, wherever in the passbook it stands, either way round.
func TestPassbookPageIsOneRange(t *testing.T) {
	const lines, page = 5_000, 50
	ctx := context.Background()
	store := ledger.NewMemory()
	book, err := ledger.Create(ctx, store, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: testChart(), Clock: fixedClock()})
	require.NoError(t, err)
	post(t, book, "p", lines, eventfulDay)
	counting := &asked{Store: store}
	counted, err := ledger.Open(ctx, counting, ledger.Config{ID: "kspps-melati", Clock: fixedClock()})
	require.NoError(t, err)
	for _, descending := range []bool{false, true} {
		for _, after := range []uint64{0, 2_000, lines - page - 1} {
			q := ledger.LineQuery{Account: "30101", Sub: "M0001-SIMUDA", Descending: descending}
			if after > 0 {
				q.Cursor = ledger.LineCursor{Date: eventfulDay, Entry: after, Line: 2}
				if descending {
					q.Cursor.Entry = lines - after
				}
			}
			counting.calls = nil
			var got []uint64
			require.NoError(t, counted.View(ctx, func(tx *ledger.Tx) error {
				for l, err := range tx.Lines(q) {
					require.NoError(t, err)
					if got = append(got, l.Entry); len(got) == page {
						break
					}
				}
				return nil
			}))
			require.Equal(t, []string{"50 lines"}, counting.calls)
			first := after + 1
			if descending {
				first = lines - after - 1
				if after == 0 {
					first = lines
				}
			}
			require.Equal(t, first, got[0])
			require.Len(t, got, page)
		}
	}
}

// TestEveryLessonHasItsTest holds the rows of other ledgers' failures that
// concern the book to a test each, named after the failure.
func TestEveryLessonHasItsTest(t *testing.T) {
	rows := map[string]string{
		"lost update": "TestLostUpdate", "write skew": "TestWriteSkew", "retry duplicates": "TestRetryDuplicates",
		"ambiguous commit": "TestAmbiguousCommit", "lock order": "TestLockOrder", "derived balance drifts": "TestDerivedBalanceDrifts",
		"reversed originals dropped": "TestReversedOriginalsStay", "two sides on different dates": "TestTwoSidesOneDate",
		"sealed period restated": "TestSealedPeriodRestated", "wrong date decides the period": "TestWrongDateDecidesPeriod",
		"hash does not cover its predecessor": "TestHashCoversPredecessor", "two implementations of canonical bytes": "TestTwoImplementationsOfCanonicalBytes",
		"ambiguous preimage": "TestAmbiguousPreimage", "chain key collides between ledgers": "TestChainKeyCollidesBetweenLedgers",
		"whole chain rewritten, or tail cut off": "TestTailCutOff", "float money": "TestFloatMoney", "silent overflow": "TestSilentOverflow",
		"silent rounding": "TestSilentRounding", "rounding drift": "TestRoundingDrift", "locale numbers": "TestLocaleNumbers",
		"stale reads": "TestStaleReads", "time zones and midnight": "TestTimeZones", "injection through filters": "TestInjectionThroughFilters",
	}
	there := map[string]bool{}
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(t, err)
		for lines := bufio.NewScanner(file); lines.Scan(); {
			if name, is := strings.CutPrefix(lines.Text(), "func Test"); is {
				name, _, _ = strings.Cut(name, "(")
				there["Test"+name] = true
			}
		}
		require.NoError(t, file.Close())
	}
	for row, test := range rows {
		require.True(t, there[test], "%s: %s", row, test)
	}
}
