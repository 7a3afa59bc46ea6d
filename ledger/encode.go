package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Digest is a SHA-256 sum: of a command's content, of what a change wrote, or
// of a change with all changes before it.
type Digest [sha256.Size]byte

// IsZero reports whether d is the zero digest, which is no digest.
func (d Digest) IsZero() bool { return d == Digest{} }

// String returns the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText writes the digest in hexadecimal.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 64 hexadecimal digits in lower case: one digest has one
// text.
func (d *Digest) UnmarshalText(text []byte) error {
	var read Digest
	if len(text) != hex.EncodedLen(len(read)) {
		return fmt.Errorf("ledger: %q is not a digest of %d hexadecimal digits", clip(string(text)), hex.EncodedLen(len(read)))
	}
	if _, err := hex.Decode(read[:], text); err != nil {
		return fmt.Errorf("ledger: %q is not a digest: %w", clip(string(text)), err)
	}
	if read.String() != string(text) {
		return fmt.Errorf("ledger: %q is not a digest: its letters are not in lower case", clip(string(text)))
	}
	*d = read
	return nil
}

// Content builds the bytes of a command's content field by field and digests
// them, so that a repeated key can be compared with its first use. Every field
// is length-prefixed or self-delimiting: two different lists of fields never
// give the same bytes.
type Content struct{ buf []byte }

// NewContent starts the content of a command of the given kind.
func NewContent(kind string) *Content {
	return new(Content).Text("mizan.command.v1").Text(kind)
}

// Text adds a string.
func (c *Content) Text(s string) *Content {
	c.buf = append(binary.AppendUvarint(c.buf, uint64(len(s))), s...)
	return c
}

// Bytes adds a byte string.
func (c *Content) Bytes(b []byte) *Content {
	c.buf = append(binary.AppendUvarint(c.buf, uint64(len(b))), b...)
	return c
}

// Int adds a signed number.
func (c *Content) Int(n int64) *Content {
	c.buf = binary.AppendVarint(c.buf, n)
	return c
}

// Uint adds an unsigned number.
func (c *Content) Uint(n uint64) *Content {
	c.buf = binary.AppendUvarint(c.buf, n)
	return c
}

// Bool adds a truth value.
func (c *Content) Bool(b bool) *Content {
	if b {
		return c.Uint(1)
	}
	return c.Uint(0)
}

// Money adds an amount.
func (c *Content) Money(m Money) *Content { return c.Int(m.minor) }

// Date adds a day.
func (c *Content) Date(d Date) *Content { return c.Int(int64(d.n)) }

// Digest returns the SHA-256 sum of the fields so far.
func (c *Content) Digest() Digest { return sha256.Sum256(c.buf) }

// The encodings below are version 1. A change of any of them needs a new
// version tag beside the old one, because every old book must still verify;
// the golden vectors in testdata/encoding.json hold them still.

// entry encodes an entry with everything that was asked for.
func (c *Content) entry(e *Entry, reverses uint64, imported bool) *Content {
	b := appendText(appendText(c.buf, "mizan.entry.v1"), e.Key)
	b = binary.AppendVarint(b, int64(e.Date.n))
	b = appendText(appendText(appendText(appendText(b, e.Memo), e.Document), e.Maker), e.Approver)
	b = appendText(appendText(b, e.Source.Kind), e.Source.ID)
	b = binary.AppendVarint(b, int64(e.Source.Version))
	b = appendText(b, e.Source.Event)
	b = appendText(binary.AppendUvarint(b, uint64(e.Phase)), e.Waiver)
	b = binary.AppendUvarint(b, reverses)
	if imported {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	b = binary.AppendUvarint(b, uint64(len(e.Lines)))
	for i := range e.Lines {
		l := &e.Lines[i]
		b = appendText(appendText(b, l.Account), l.Sub)
		b = binary.AppendVarint(b, l.Amount.minor)
		b = appendText(b, l.Party.Member)
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(l.Party.Standing)), uint64(l.Activity))
	}
	c.buf = b
	return c
}

// appendText appends what [Content.Text] adds. The bytes of an entry and of
// its link are made for every post: kept in one variable they take half the
// time that they take field by field behind a pointer.
func appendText(b []byte, s string) []byte {
	if len(s) < 0x80 { // of one byte's length
		return append(append(b, byte(len(s))), s...)
	}
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func (c *Content) record(r *Record) *Content {
	return c.Text("mizan.record.v1").Text(r.Kind).Text(r.ID).Int(int64(r.Version)).
		Text(r.Event).Bytes(r.Data).Int(int64(r.Format)).Bytes(r.State)
}

func (c *Content) document(kind ChangeKind, doc []byte) *Content {
	return c.Text("mizan.document.v1").Text(string(kind)).Bytes(doc)
}

// link encodes a change with the digest of the change before it: the chain.
func (c *Content) link(book string, previous Digest, ch *Change) *Content {
	b := appendText(appendText(c.buf, "mizan.change.v1"), book)
	b = append(b, previous[:]...)
	b = binary.AppendUvarint(binary.AppendUvarint(b, ch.Number), ch.Entry)
	b = binary.AppendVarint(b, ch.Recorded.UnixMicro())
	b = appendText(appendText(appendText(b, string(ch.Kind)), ch.Key), ch.Command)
	// Most commands are one entry, whose content is the command's content.
	if ch.CommandDigest == ch.Content {
		b = append(b, 0)
	} else {
		b = append(append(b, 1), ch.CommandDigest[:]...)
	}
	c.buf = append(b, ch.Content[:]...)
	return c
}
