package interchange

import (
	"bytes"
	"math"

	"github.com/mizan-coop/mizan/ledger"
)

// What ExportBook writes of an entry, a posting and a record, read back field
// by field in the same order.

func (r *bookReader) entry(ch *ledger.Change) {
	c := &r.cur
	p := &r.posted
	*p = ledger.Posted{Change: ch.Number, Recorded: ch.Recorded, Digest: ch.Digest}
	p.Key = ch.Key
	c.must(`,"entry":`)
	ch.Entry = c.uint(math.MaxInt64)
	p.Number = ch.Entry
	r.entries = ch.Entry
	c.must(`,"date":`)
	p.Date = c.date()
	p.Memo = c.someText(`,"memo":`)
	p.Document = c.someText(`,"document":`)
	p.Maker = c.someText(`,"maker":`)
	p.Approver = c.someText(`,"approver":`)
	if c.opt(`,"source":{"kind":`) {
		p.Source.Kind = c.knownText()
		c.must(`,"id":`)
		p.Source.ID = c.knownText()
		c.must(`,"ver":`)
		p.Source.Version = int(c.int())
		c.must(`,"event":`)
		p.Source.Event = c.knownText()
		c.must("}")
		if p.Source.IsZero() {
			c.fail("an empty source")
		}
	}
	if c.opt(`,"phase":`) {
		p.Phase = oneOf(c, ledger.Closing)
	}
	p.Waiver = c.someText(`,"waiver":`)
	if c.opt(`,"reverses":`) {
		if p.Reverses = c.uint(math.MaxInt64); p.Reverses == 0 {
			c.fail("an empty field")
		}
	}
	p.Imported = c.opt(`,"imported":true`)
	c.must(`,"lines":[`)
	r.lines = r.lines[:0]
	for c.fault == "" && !c.opt("]") {
		if len(r.lines) > 0 {
			c.must(",")
		}
		r.lines = append(r.lines, c.posting())
	}
	p.Lines = r.lines
	ch.Posted = p
}

func (c *cursor) posting() (l ledger.Line) {
	c.must(`{"a":`)
	l.Account = c.knownText()
	l.Sub = c.someText(`,"s":`)
	c.must(`,"m":`)
	l.Amount = c.money()
	l.Party.Member = c.someText(`,"p":`)
	if c.opt(`,"st":`) {
		l.Party.Standing = oneOf(c, ledger.Other)
	}
	if c.opt(`,"ac":`) {
		l.Activity = oneOf(c, ledger.Fund)
	}
	c.must("}")
	return l
}

// someText reads a string that is left out when it is empty.
func (c *cursor) someText(name string) string {
	if !c.opt(name) {
		return ""
	}
	text := c.knownText()
	if text == "" {
		c.fail("an empty field")
	}
	return text
}

func (c *cursor) record(ch *ledger.Change) *ledger.Record {
	r := &ledger.Record{Key: ch.Key, Change: ch.Number, Recorded: ch.Recorded}
	c.must(`,"record":`)
	r.Kind = c.knownText()
	c.must(`,"id":`)
	r.ID = c.text()
	c.must(`,"ver":`)
	r.Version = int(c.int())
	c.must(`,"event":`)
	r.Event = c.knownText()
	c.must(`,"format":`)
	r.Format = int(c.int())
	if rest := c.line[c.at:]; bytes.HasPrefix(rest, []byte(`,"data":`)) || bytes.HasPrefix(rest, []byte(`,"data64":`)) {
		r.Data = c.document("data")
	}
	r.State = c.document("state")
	return r
}
