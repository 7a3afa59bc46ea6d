package interchange

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// formatVersion is the version of the lines' form. Another form needs another
// number, and a reader for every older one.
const formatVersion = 1

// ExportBook writes the whole book as JSON Lines, from which [ImportBook]
// makes the same book again: the same digests, numbers and instants, so also
// the same head.
//
// The first line is the header, the last one the footer, and between them
// stands one change a line. Shortened:
//
//	{"mizan":1,"book":"kspps-melati","currency":"IDR","digits":2}
//	{"n":1,"at":1767254400000001,"key":"mizan/create","cmd":"create","ask":"5f…","kind":"book","sum":"9c…","chain":"e1…","content":{…}}
//	{"n":2,"at":1767254400000002,"key":"T-1","cmd":"post","kind":"entry","sum":"03…","chain":"77…","entry":1,"date":"2026-11-23","memo":"Setoran","lines":[{"a":"10102","m":10000000},{"a":"30101","s":"M0001","m":-10000000}]}
//	{"end":2,"entries":1,"head":"77…"}
//
// A change has its number n, the instant at which it was recorded in
// microseconds since 1970, its command's key and kind (cmd), the digest of
// what the command asked (ask, left out where it equals sum), its kind, the
// digest of what it wrote (sum) and of the history through it (chain). Then
// what it wrote:
//
//   - entry: its number, date, memo, document, maker, approver, source (kind,
//     id, ver, event), phase, waiver, reverses, imported, and lines, each with
//     account a, sub s, amount m in minor units (debit positive), member p,
//     standing st and activity ac.
//   - record: its kind as record, id, ver, event, format, data and state.
//   - any other kind: its document as content.
//
// The form is exact: the fields stand in this order without white space, what
// is empty or zero is left out (but not the numbers ver and format), digests
// are in lower-case hexadecimal, and strings escape only quotes, backslashes
// and control characters. A document of a record that spans lines or is not
// valid UTF-8 stands in base64, under data64 or state64.
func ExportBook(w io.Writer, tx *ledger.Tx) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	e := bookWriter{writer: newWriter(w, tx.Currency())}
	b := append(e.line(), `{"mizan":`...)
	b = strconv.AppendInt(b, formatVersion, 10)
	b = e.text(b, `,"book":`, tx.Book())
	b = e.text(b, `,"currency":`, e.currency.Code())
	b = append(b, `,"digits":`...)
	b = strconv.AppendInt(b, int64(e.currency.Digits()), 10)
	if err := e.write(append(b, "}\n"...)); err != nil {
		return err
	}
	for ch, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		if err := e.change(&ch); err != nil {
			return err
		}
	}
	b = append(e.line(), `{"end":`...)
	b = strconv.AppendUint(b, head.Change, 10)
	b = append(b, `,"entries":`...)
	b = strconv.AppendUint(b, head.Entries, 10)
	b = appendDigest(append(b, `,"head":`...), &head.Digest)
	if err := e.write(append(b, "}\n"...)); err != nil {
		return err
	}
	if e.fault != nil {
		return e.fault
	}
	return e.out.Flush()
}

type bookWriter struct {
	*writer
	fault error // the first thing that a JSON text cannot hold
}

func (e *bookWriter) change(ch *ledger.Change) error {
	b := append(e.line(), `{"n":`...)
	b = strconv.AppendUint(b, ch.Number, 10)
	b = append(b, `,"at":`...)
	b = strconv.AppendInt(b, ch.Recorded.UnixMicro(), 10)
	b = e.text(b, `,"key":`, ch.Key)
	b = e.text(b, `,"cmd":`, ch.Command)
	if ch.CommandDigest != ch.Content {
		b = appendDigest(append(b, `,"ask":`...), &ch.CommandDigest)
	}
	b = e.text(b, `,"kind":`, string(ch.Kind))
	b = appendDigest(append(b, `,"sum":`...), &ch.Content)
	b = appendDigest(append(b, `,"chain":`...), &ch.Digest)
	switch {
	case ch.Kind == ledger.ChangeEntry && ch.Posted != nil:
		b = e.entry(b, ch)
	case ch.Kind == ledger.ChangeRecord && ch.Record != nil:
		b = e.record(b, ch.Record)
	default:
		b = e.document(b, "content", ch.Document)
	}
	if e.fault != nil {
		return fmt.Errorf("%w: change %d: %w", ledger.ErrCorrupt, ch.Number, e.fault)
	}
	return e.write(append(b, "}\n"...))
}

func (e *bookWriter) entry(b []byte, ch *ledger.Change) []byte {
	p := ch.Posted
	if p.Key != ch.Key || p.Number != ch.Entry || !p.Date.Valid() {
		e.fault = fmt.Errorf("entry %d with key %q on %s", p.Number, clip(p.Key), p.Date)
	}
	b = append(b, `,"entry":`...)
	b = strconv.AppendUint(b, ch.Entry, 10)
	b = e.date(append(b, `,"date":"`...), p.Date)
	b = append(b, '"')
	b = e.someText(b, `,"memo":`, p.Memo)
	b = e.someText(b, `,"document":`, p.Document)
	b = e.someText(b, `,"maker":`, p.Maker)
	b = e.someText(b, `,"approver":`, p.Approver)
	if !p.Source.IsZero() {
		b = e.text(b, `,"source":{"kind":`, p.Source.Kind)
		b = e.text(b, `,"id":`, p.Source.ID)
		b = append(b, `,"ver":`...)
		b = strconv.AppendInt(b, int64(p.Source.Version), 10)
		b = e.text(b, `,"event":`, p.Source.Event)
		b = append(b, '}')
	}
	if p.Phase != ledger.Ordinary {
		b = e.text(b, `,"phase":`, p.Phase.String())
	}
	b = e.someText(b, `,"waiver":`, p.Waiver)
	if p.Reverses != 0 {
		b = append(b, `,"reverses":`...)
		b = strconv.AppendUint(b, p.Reverses, 10)
	}
	if p.Imported {
		b = append(b, `,"imported":true`...)
	}
	b = append(b, `,"lines":[`...)
	for i := range p.Lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.postingOf(b, &p.Lines[i])
	}
	return append(b, ']')
}

func (e *bookWriter) postingOf(b []byte, l *ledger.Line) []byte {
	b = e.text(b, `{"a":`, l.Account)
	b = e.someText(b, `,"s":`, l.Sub)
	b = append(b, `,"m":`...)
	b = strconv.AppendInt(b, l.Amount.Minor(), 10)
	b = e.someText(b, `,"p":`, l.Party.Member)
	b = e.someText(b, `,"st":`, l.Party.Standing.String())
	b = e.someText(b, `,"ac":`, l.Activity.String())
	return append(b, '}')
}

func (e *bookWriter) record(b []byte, r *ledger.Record) []byte {
	b = e.text(b, `,"record":`, r.Kind)
	b = e.text(b, `,"id":`, r.ID)
	b = append(b, `,"ver":`...)
	b = strconv.AppendInt(b, int64(r.Version), 10)
	b = e.text(b, `,"event":`, r.Event)
	b = append(b, `,"format":`...)
	b = strconv.AppendInt(b, int64(r.Format), 10)
	if len(r.Data) > 0 {
		b = e.document(b, "data", r.Data)
	}
	return e.document(b, "state", r.State)
}

// document adds a JSON document as it is, or in base64 where a line cannot
// hold its very bytes.
func (e *bookWriter) document(b []byte, name string, doc json.RawMessage) []byte {
	if !json.Valid(doc) {
		e.fault = fmt.Errorf("the %s is not JSON", name)
	}
	b = append(append(b, `,"`...), name...)
	if standsInLine(doc) {
		return append(append(b, `":`...), doc...)
	}
	b = append(b, `64":"`...)
	b = base64.StdEncoding.AppendEncode(b, doc)
	return append(b, '"')
}

// standsInLine reports whether a document's bytes can stand in a line of text.
func standsInLine(doc []byte) bool {
	return utf8.Valid(doc) && !bytes.ContainsAny(doc, "\r\n")
}

func (e *bookWriter) someText(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return e.text(b, name, text)
}

// text adds a name and a JSON string.
func (e *bookWriter) text(b []byte, name, text string) []byte {
	b = append(append(b, name...), '"')
	from, ascii := 0, true
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			ascii = false
		}
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, text[from:i]...)
		from = i + 1
		if c >= ' ' {
			b = append(b, '\\', c)
		} else {
			b = append(b, `\u00`...)
			b = append(b, lowerHex[c>>4], lowerHex[c&15])
		}
	}
	if !ascii && !utf8.ValidString(text) {
		e.fault = fmt.Errorf("the text %q is not valid UTF-8", clip(text))
	}
	return append(append(b, text[from:]...), '"')
}

const lowerHex = "0123456789abcdef"

func appendDigest(b []byte, d *ledger.Digest) []byte {
	b = append(b, '"')
	b = hex.AppendEncode(b, d[:])
	return append(b, '"')
}
