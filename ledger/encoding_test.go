package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestEncoding holds the canonical bytes still. Books in use are verified by
// these very bytes, so a vector in testdata/encoding.json is never edited: a
// change of an encoding gets a new version tag ("mizan.entry.v2") beside the
// old one, new vectors beside the old ones, and the old ones must still pass.
// Running the tests with -update is for vectors that are added.
func TestEncoding(t *testing.T) {
	type vector struct {
		Name   string `json:"name"`
		Bytes  string `json:"bytes"`  // what is digested, in hexadecimal
		Digest string `json:"digest"` // its SHA-256 sum
	}
	var vectors []vector
	add := func(name string, content []byte) {
		sum := sha256.Sum256(content)
		vectors = append(vectors, vector{name, hex.EncodeToString(content), hex.EncodeToString(sum[:])})
	}
	e := fullEntry()
	add("entry with every field", ledger.EntryBytes(&e, 7, true))
	add("entry with the fewest fields", ledger.EntryBytes(&ledger.Entry{Key: "k", Date: ledger.On(1900, time.January, 1)}, 0, false))
	extremes := ledger.Entry{Key: "k", Date: ledger.On(9999, time.December, 31), Memo: "Rp \x00 ش ''\"\\|", Lines: []ledger.Line{
		ledger.Debit("1", ledger.Minor(ledger.MaxMoney)), ledger.Credit("1", ledger.Minor(ledger.MaxMoney)),
	}}
	add("entry at the limits of dates and amounts", ledger.EntryBytes(&extremes, 0, false))
	r := fullRecord()
	add("record with every field", ledger.RecordBytes(&r))

	// A book with every kind of change: documents, commands and the chain.
	book := newEventful(t, ledger.NewMemory(), "kspps-melati")
	previous := ledger.Digest{}
	for _, ch := range changesOf(t, book) {
		name := fmt.Sprintf("change %d %s by %s", ch.Number, ch.Kind, ch.Command)
		if len(ch.Document) > 0 {
			add(name+", document", ledger.DocumentBytes(ch.Kind, ch.Document))
		}
		link := ledger.LinkBytes(book.ID(), previous, &ch)
		add(name, link)
		require.Equal(t, ledger.Digest(sha256.Sum256(link)), ch.Digest, name)
		previous = ch.Digest
	}
	requireSound(t, book)

	var file bytes.Buffer
	encoder := json.NewEncoder(&file)
	encoder.SetIndent("", "\t")
	require.NoError(t, encoder.Encode(vectors))
	golden(t, "encoding.json", file.String())
}

func fullEntry() ledger.Entry {
	return ledger.Entry{
		Key: "teller-7/000123", Date: ledger.On(2026, time.November, 23), Memo: "Setoran tunai", Document: "BKM-0001",
		Maker: "teller-7", Approver: "manajer",
		Source: ledger.Source{Kind: "savings", ID: "M0001-SIMUDA", Version: 3, Event: "deposit"},
		Phase:  ledger.Adjusting, Waiver: "izin pengurus",
		Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(100_000)).With(ledger.Party{Member: "M0001", Standing: ledger.Member}).In(ledger.Operating),
			ledger.Credit("30101", ledger.IDR.Of(100_000)).For("M0001-SIMUDA").With(ledger.Party{Member: "M0001", Standing: ledger.Candidate}).In(ledger.Fund),
		},
	}
}

func fullRecord() ledger.Record {
	return ledger.Record{
		Kind: "murabahah", ID: "MRB-0001", Version: 2, Event: "pay", Data: json.RawMessage(`{"amount":100}`), Format: 1,
		State: json.RawMessage(`{"collected":100}`), Key: "K", Change: 9, Recorded: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// TestEveryFieldIsDigested changes each field by itself, and each time the
// digested bytes must differ from the original's and from each other's.
func TestEveryFieldIsDigested(t *testing.T) {
	entry := fullEntry()
	seen := map[string]string{string(ledger.EntryBytes(&entry, 0, false)): "as it was"}
	differs := func(t *testing.T, path string, content []byte) {
		t.Helper()
		if other, taken := seen[string(content)]; taken {
			t.Errorf("%s gives the same bytes as %s", path, other)
		}
		seen[string(content)] = path
	}
	eachField(t, entry, func(path string, changed ledger.Entry) { differs(t, path, ledger.EntryBytes(&changed, 0, false)) })
	differs(t, "reverses", ledger.EntryBytes(&entry, 1, false))
	differs(t, "imported", ledger.EntryBytes(&entry, 0, true))
	require.Greater(t, len(seen), 30)

	// The chain covers who wrote a record and when; its content covers the rest.
	record := fullRecord()
	seen = map[string]string{string(ledger.RecordBytes(&record)): "as it was"}
	eachField(t, record, func(path string, changed ledger.Record) {
		switch path {
		case ".Key", ".Change", ".Recorded":
			require.Equal(t, ledger.RecordBytes(&record), ledger.RecordBytes(&changed))
			return
		}
		differs(t, path, ledger.RecordBytes(&changed))
	})

	ch := ledger.Change{Number: 5, Kind: ledger.ChangeEntry, Recorded: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Key: "K", Command: "post",
		CommandDigest: ledger.Digest{1}, Entry: 2, Content: ledger.Digest{2}, Digest: ledger.Digest{3}}
	seen = map[string]string{string(ledger.LinkBytes("book", ledger.Digest{4}, &ch)): "as it was"}
	ch.Document = json.RawMessage("{}")
	eachField(t, ch, func(path string, changed ledger.Change) {
		switch path {
		case ".Digest", ".Document": // the first is the result, the second is in Content
			return
		}
		differs(t, path, ledger.LinkBytes("book", ledger.Digest{4}, &changed))
	})
	differs(t, "book", ledger.LinkBytes("book2", ledger.Digest{4}, &ch))
	differs(t, "previous", ledger.LinkBytes("book", ledger.Digest{5}, &ch))
	same := ch
	same.CommandDigest = ch.Content
	differs(t, "command digest like the content", ledger.LinkBytes("book", ledger.Digest{4}, &same))

	for _, doc := range []string{`{"a":1}`, `{"a":2}`, ``} {
		for _, kind := range []ledger.ChangeKind{ledger.ChangeHold, ledger.ChangeRelease} {
			differs(t, string(kind)+doc, ledger.DocumentBytes(kind, []byte(doc)))
		}
	}
}

// TestAmbiguousPreimage: fields that run into each other without a separator,
// or with one that they may contain, must still be told apart.
func TestAmbiguousPreimage(t *testing.T) {
	text := func(fields ...string) ledger.Digest {
		c := ledger.NewContent("test")
		for _, f := range fields {
			c.Text(f)
		}
		return c.Digest()
	}
	seen := map[ledger.Digest][]string{}
	for _, fields := range [][]string{
		{"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {"", "abc"}, {"a", "b", "c"}, {"a|b", "c"}, {"a", "b|c"}, {"a|b|c"},
		{"\x01a", "\x01b"}, {"a\x01b"}, {"\x00"}, {"\x00\x00"}, {}, {""}, {"", ""},
	} {
		d := text(fields...)
		require.NotContains(t, seen, d, "%q", fields)
		seen[d] = fields
	}
	// Moving a character from one field of an entry to the next is another entry.
	a, b := fullEntry(), fullEntry()
	a.Maker, a.Approver = "siti", "budi"
	b.Maker, b.Approver = "sitib", "udi"
	require.NotEqual(t, ledger.EntryBytes(&a, 0, false), ledger.EntryBytes(&b, 0, false))
	a, b = fullEntry(), fullEntry()
	b.Lines[1].Account, b.Lines[1].Sub = "30101M", "0001-SIMUDA"
	require.NotEqual(t, ledger.EntryBytes(&a, 0, false), ledger.EntryBytes(&b, 0, false))
	// A kind cannot pass for another kind's fields.
	require.NotEqual(t, ledger.NewContent("a").Text("b").Digest(), ledger.NewContent("ab").Digest())
	// Numbers, truth values, days and amounts are self-delimiting.
	require.NotEqual(t, ledger.NewContent("n").Int(1).Int(2).Digest(), ledger.NewContent("n").Int(12).Digest())
	require.NotEqual(t, ledger.NewContent("n").Uint(128).Digest(), ledger.NewContent("n").Uint(0).Uint(1).Digest())
	require.NotEqual(t, ledger.NewContent("n").Money(ledger.Minor(-1)).Digest(), ledger.NewContent("n").Money(ledger.Minor(1)).Digest())
	require.NotEqual(t, ledger.NewContent("n").Bool(true).Digest(), ledger.NewContent("n").Bool(false).Digest())
	require.NotEqual(t, ledger.NewContent("n").Date(ledger.Date{}).Digest(), ledger.NewContent("n").Date(ledger.On(1900, 1, 1)).Digest())
}

func FuzzDigestText(f *testing.F) {
	f.Add([]byte("00"))
	f.Add([]byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
	f.Add([]byte("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"))
	f.Add([]byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde "))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, text []byte) {
		before := ledger.Digest{1, 2, 3}
		d := before
		if err := d.UnmarshalText(text); err != nil {
			require.Equal(t, before, d)
			return
		}
		written, err := d.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(written))
	})
}
