package interchange

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// ImportBook makes a book in a store from what [ExportBook] wrote, and returns
// it. Every digest is computed again, and all balances are rebuilt from the
// changes alone, so the book has the same head as the one that was exported.
//
// Of c the Clock is required; an ID that is given must be the file's, and
// Currency and Chart come from the file. An ID that the store has already is
// [ledger.ErrBookExists].
//
// A file that was cut off, reordered or altered in any byte is refused with a
// [*Fault] that names the line and matches [ErrFile]; the store has no such
// book then. Digests prove that a file is whole, not who wrote it: whoever
// does not trust its way compares [ledger.Book.Head] with a head that was
// printed or mailed before, and runs [ledger.Book.Check].
//
// A store that runs its update again reads the file again, which needs r to be
// an [io.Seeker]; any other r is then an error that matches [ErrReadOnce].
func ImportBook(ctx context.Context, store ledger.Store, c ledger.Config, r io.Reader) (*ledger.Book, error) {
	return newBookReader(ctx, r).restore(store, c)
}

// ErrReadOnce marks a file that would have to be read again and cannot be.
var ErrReadOnce = errors.New("interchange: the file can be read only once")

// bookReader turns the lines of a file into changes.
type bookReader struct {
	ctx    context.Context
	source io.Reader
	start  int64 // where the file begins in a source that can seek, else -1
	in     *bufio.Reader
	// maxLine is the longest line, MaxLine but in tests.
	maxLine int
	long    []byte // a line that is longer than the reader's buffer
	row     int    // the line's number
	begun   bool   // whether changes have been read
	cur     cursor

	opened  ledger.BookOpened // what the header says
	entries uint64
	last    ledger.Digest
	// What is handed out is copied by who keeps it, and used again.
	posted ledger.Posted
	lines  []ledger.Line
}

const readSize = 64 << 10

func newBookReader(ctx context.Context, r io.Reader) *bookReader {
	b := &bookReader{ctx: ctx, source: r, start: -1, maxLine: MaxLine, in: bufio.NewReaderSize(r, readSize)}
	if seeker, ok := r.(io.Seeker); ok {
		if at, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			b.start = at
		}
	}
	return b
}

func (r *bookReader) restore(store ledger.Store, c ledger.Config) (*ledger.Book, error) {
	if err := r.header(); err != nil {
		return nil, err
	}
	if c.ID == "" {
		c.ID = r.opened.ID
	}
	if c.ID != r.opened.ID {
		return nil, &Fault{Line: 1, Reason: fmt.Sprintf("the book is %q, asked for is %q", clip(r.opened.ID), clip(c.ID))}
	}
	book, err := ledger.Restore(r.ctx, store, c, r.changes())
	if err != nil && errors.Is(err, ledger.ErrCorrupt) && !errors.Is(err, ErrFile) {
		return nil, r.faulty(reasonOf(err), err)
	}
	return book, err
}

func (r *bookReader) faulty(reason string, err error) error {
	return &Fault{Line: r.row, Reason: reason, Err: err}
}

// next reads a line into the cursor; its error is io.EOF at the end of the file.
func (r *bookReader) next() error {
	line, err := r.in.ReadSlice('\n')
	if len(line) == 0 && err == io.EOF {
		return io.EOF
	}
	r.row++
	if err == bufio.ErrBufferFull {
		line, err = r.nextLong(line)
	}
	switch {
	case len(line) > r.maxLine:
		return r.faulty(fmt.Sprintf("the line is longer than %d bytes", r.maxLine), nil)
	case err == io.EOF:
		return r.faulty("the file is cut off: the line does not end", nil)
	case err != nil:
		return err
	}
	r.cur.begin(line[:len(line)-1])
	return nil
}

func (r *bookReader) nextLong(begun []byte) ([]byte, error) {
	r.long = append(r.long[:0], begun...)
	for {
		more, err := r.in.ReadSlice('\n')
		r.long = append(r.long, more...)
		if err != bufio.ErrBufferFull || len(r.long) > r.maxLine {
			return r.long, err
		}
	}
}

// verdict returns the cursor's fault, if it has one.
func (r *bookReader) verdict() error {
	if r.cur.fault == "" {
		return nil
	}
	return r.faulty(r.cur.fault, nil)
}

func (r *bookReader) header() error {
	if err := r.next(); err != nil {
		if err == io.EOF {
			r.row = 1
			return r.faulty("the file is empty", nil)
		}
		return err
	}
	c := &r.cur
	c.must(`{"mizan":`)
	if version := c.uint(math.MaxUint32); c.fault == "" && version != formatVersion {
		c.fail(fmt.Sprintf("the form's version is %d, known is %d", version, formatVersion))
	}
	c.must(`,"book":`)
	r.opened.ID = c.text()
	c.must(`,"currency":`)
	r.opened.Currency = c.text()
	c.must(`,"digits":`)
	r.opened.Digits = int(c.uint(math.MaxUint8))
	c.must("}")
	c.end()
	return r.verdict()
}

// changes yields the changes and, in place of the end, whatever is wrong.
func (r *bookReader) changes() iter.Seq2[ledger.Change, error] {
	return func(yield func(ledger.Change, error) bool) {
		if err := r.again(); err != nil {
			yield(ledger.Change{}, err)
			return
		}
		for number := uint64(1); ; number++ {
			ch, more, err := r.change(number)
			if err != nil {
				yield(ledger.Change{}, err)
				return
			}
			if !more || !yield(ch, nil) {
				return
			}
		}
	}
}

// again goes back behind the header if changes were read before.
func (r *bookReader) again() error {
	if !r.begun {
		r.begun = true
		return nil
	}
	seeker, ok := r.source.(io.Seeker)
	if !ok || r.start < 0 {
		return ErrReadOnce
	}
	if _, err := seeker.Seek(r.start, io.SeekStart); err != nil {
		return err
	}
	r.in.Reset(r.source)
	r.row, r.entries, r.last = 0, 0, ledger.Digest{}
	return r.header()
}

// change reads the change of the given number; there is none at the footer.
func (r *bookReader) change(number uint64) (ch ledger.Change, more bool, err error) {
	if number%1024 == 0 {
		if err := r.ctx.Err(); err != nil {
			return ch, false, err
		}
	}
	if err := r.next(); err != nil {
		if err == io.EOF {
			r.row++
			err = r.faulty("the file is cut off: the footer is missing", io.ErrUnexpectedEOF)
		}
		return ch, false, err
	}
	c := &r.cur
	if c.opt(`{"end":`) {
		return ch, false, r.footer(number - 1)
	}
	c.must(`{"n":`)
	if ch.Number = c.uint(math.MaxInt64); c.fault == "" && ch.Number != number {
		c.fail(fmt.Sprintf("change %d stands where change %d is due", ch.Number, number))
	}
	c.must(`,"at":`)
	ch.Recorded = time.UnixMicro(c.int()).UTC()
	c.must(`,"key":`)
	ch.Key = c.text()
	c.must(`,"cmd":`)
	ch.Command = c.knownText()
	asked := c.opt(`,"ask":`)
	if asked {
		ch.CommandDigest = c.digest()
	}
	c.must(`,"kind":`)
	ch.Kind = ledger.ChangeKind(c.knownText())
	c.must(`,"sum":`)
	ch.Content = c.digest()
	if !asked {
		ch.CommandDigest = ch.Content
	} else if ch.CommandDigest == ch.Content {
		c.fail("ask equals sum")
	}
	c.must(`,"chain":`)
	ch.Digest = c.digest()
	switch ch.Kind {
	case ledger.ChangeEntry:
		r.entry(&ch)
	case ledger.ChangeRecord:
		ch.Record = c.record(&ch)
	default:
		ch.Document = c.document("content")
	}
	c.must("}")
	c.end()
	if err := r.verdict(); err != nil {
		return ch, false, err
	}
	r.last = ch.Digest
	return ch, true, r.matchesHeader(&ch)
}

// matchesHeader holds the first change against the header, which no digest covers.
func (r *bookReader) matchesHeader(ch *ledger.Change) error {
	if ch.Number != 1 || ch.Kind != ledger.ChangeBook {
		return nil
	}
	var opened ledger.BookOpened
	if err := ch.Decode(&opened); err != nil {
		return r.faulty(reasonOf(err), err)
	}
	if opened != r.opened {
		return r.faulty(fmt.Sprintf("book %q in %s with %d digits: the header says otherwise", clip(opened.ID), clip(opened.Currency), opened.Digits), nil)
	}
	return nil
}

// footer reads the rest of the last line and makes sure that it is the last.
func (r *bookReader) footer(changes uint64) error {
	c := &r.cur
	if end := c.uint(math.MaxInt64); c.fault == "" && end != changes {
		c.fail(fmt.Sprintf("%d changes, the file has %d", end, changes))
	}
	c.must(`,"entries":`)
	if entries := c.uint(math.MaxInt64); c.fault == "" && entries != r.entries {
		c.fail(fmt.Sprintf("%d entries, the file has %d", entries, r.entries))
	}
	c.must(`,"head":`)
	if head := c.digest(); c.fault == "" && head != r.last {
		c.fail("the head is not the last change's digest")
	}
	c.must("}")
	c.end()
	if c.fault == "" && changes == 0 {
		c.fail("the file has no changes")
	}
	if err := r.verdict(); err != nil {
		return err
	}
	switch err := r.next(); {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	}
	return r.faulty("something follows the footer", nil)
}
