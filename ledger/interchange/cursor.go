package interchange

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// cursor reads one line of the exact form that ExportBook writes, from left to
// right. It is written by hand because encoding/json takes longer to decode a
// line than the whole import of it takes now, and because every other form of
// the same values must be refused. The first fault stays; after it every
// method does nothing.
type cursor struct {
	line  []byte
	at    int
	fault string

	known   [512]string // texts that were read lately, by a hash
	day     ledger.Date
	dayText [10]byte
}

func (c *cursor) begin(line []byte) { c.line, c.at, c.fault = line, 0, "" }

func (c *cursor) fail(reason string) {
	if c.fault == "" {
		c.fault = fmt.Sprintf("byte %d: %s", c.at+1, reason)
	}
}

// opt passes over want if it stands here.
func (c *cursor) opt(want string) bool {
	end := c.at + len(want)
	if c.fault != "" || end > len(c.line) || string(c.line[c.at:end]) != want {
		return false
	}
	c.at = end
	return true
}

// must passes over want, which has to stand here.
func (c *cursor) must(want string) {
	if !c.opt(want) {
		c.fail("expected " + want)
	}
}

// end makes sure that nothing is left.
func (c *cursor) end() {
	if c.fault == "" && c.at != len(c.line) {
		c.fail("expected the end of the line")
	}
}

// uint reads digits without leading zeros, at most most.
func (c *cursor) uint(most uint64) uint64 {
	if c.fault != "" {
		return 0
	}
	start := c.at
	n := uint64(0)
	for c.at < len(c.line) && isDigit(c.line[c.at]) && c.at-start < 19 {
		n = n*10 + uint64(c.line[c.at]-'0')
		c.at++
	}
	switch {
	case c.at == start:
		c.fail("expected a whole number")
	case c.line[start] == '0' && c.at-start > 1:
		c.fail("a number begins with zero")
	case n > most || c.at < len(c.line) && isDigit(c.line[c.at]):
		c.fail("a number is too large")
	}
	return n
}

// int reads a whole number.
func (c *cursor) int() int64 {
	const most = 1<<63 - 1
	if !c.opt("-") {
		return int64(c.uint(most))
	}
	n := c.uint(most)
	if n == 0 {
		c.fail("zero has no sign")
	}
	return -int64(n)
}

func (c *cursor) money() ledger.Money {
	m := ledger.Minor(c.int())
	if m.Err() != nil {
		c.fail("beyond the largest amount")
	}
	return m
}

// digest reads a quoted digest.
func (c *cursor) digest() (d ledger.Digest) {
	c.must(`"`)
	end := c.at + 2*len(d)
	if c.fault != "" || end > len(c.line) {
		c.fail("expected a digest")
		return d
	}
	var bad byte
	for i := range d {
		high, low := lowerHexValue[c.line[c.at+2*i]], lowerHexValue[c.line[c.at+2*i+1]]
		bad |= high | low
		d[i] = high<<4 | low&15
	}
	if bad > 15 {
		c.fail("expected 64 hexadecimal digits in lower case")
	}
	c.at = end
	c.must(`"`)
	return d
}

// lowerHexValue has a digit's value, and more than 15 for what is none.
var lowerHexValue = func() (values [256]byte) {
	for i := range values {
		values[i] = 0xff
	}
	for i := range len(lowerHex) {
		values[lowerHex[i]] = byte(i)
	}
	return values
}()

// date reads a quoted day.
func (c *cursor) date() ledger.Date {
	c.must(`"`)
	end := c.at + len(c.dayText)
	if c.fault != "" || end > len(c.line) {
		c.fail("expected a date")
		return ledger.Date{}
	}
	if text := [10]byte(c.line[c.at:end]); text != c.dayText {
		day, err := ledger.ParseDate(string(text[:]))
		if err != nil {
			c.fail("expected a date")
			return ledger.Date{}
		}
		c.day, c.dayText = day, text
	}
	c.at = end
	c.must(`"`)
	return c.day
}

// quoted passes over a quoted text and returns what stands between its quotes;
// escaped says that it has escapes.
func (c *cursor) quoted() (text []byte, escaped bool) {
	c.must(`"`)
	if c.fault != "" {
		return nil, false
	}
	ascii := true
	for i := c.at; i < len(c.line); i++ {
		switch b := c.line[i]; {
		case b == '"':
			text, c.at = c.line[c.at:i], i+1
			if !ascii && !utf8.Valid(text) {
				c.fail("a text is not valid UTF-8")
			}
			return text, escaped
		case b == '\\':
			escaped = true
			i++ // whatever follows does not end the text
		case b < ' ':
			c.at = i
			c.fail("a control character in a text")
			return nil, false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	c.fail("a text does not end")
	return nil, false
}

// text reads a string that is likely to be new.
func (c *cursor) text() string {
	text, escaped := c.quoted()
	if escaped {
		return c.plain(text)
	}
	return string(text)
}

// knownText reads a string that is likely to have been read before, so that a
// million lines on one account share one copy of its code.
func (c *cursor) knownText() string {
	text, escaped := c.quoted()
	if escaped {
		return c.plain(text)
	}
	hash := uint32(len(text))
	for _, b := range text[max(0, len(text)-8):] {
		hash = hash*31 + uint32(b)
	}
	known := &c.known[hash%uint32(len(c.known))]
	if *known != string(text) {
		*known = string(text)
	}
	return *known
}

// plain undoes the escapes of a text; only those that ExportBook writes.
func (c *cursor) plain(text []byte) string {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b = append(b, text[i])
			continue
		}
		i++
		switch rest := text[i:]; {
		case rest[0] == '"' || rest[0] == '\\':
			b = append(b, rest[0])
		case len(rest) >= 5 && string(rest[:3]) == "u00" && lowerHexValue[rest[3]] <= 1 && lowerHexValue[rest[4]] <= 15:
			b = append(b, lowerHexValue[rest[3]]<<4|lowerHexValue[rest[4]])
			i += 4
		default:
			c.fail("an escape that is not needed")
			return ""
		}
	}
	return string(b)
}

// oneOf reads a string that must be one of a few names from the second on,
// the first being the empty one that is left out.
func oneOf[T interface {
	~uint8
	String() string
}](c *cursor, last T) T {
	text, _ := c.quoted()
	for v := T(1); v <= last; v++ {
		if string(text) == v.String() {
			return v
		}
	}
	c.fail("an unknown name " + clip(string(text)))
	return 0
}

// document reads a JSON document under a name, as document writes it.
func (c *cursor) document(name string) json.RawMessage {
	if c.opt(`,"` + name + `64":`) {
		text, _ := c.quoted()
		doc := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
		n, err := base64.StdEncoding.Strict().Decode(doc, text)
		if err != nil || !json.Valid(doc[:n]) || standsInLine(doc[:n]) {
			c.fail("not a JSON document that needs base64")
		}
		return doc[:n]
	}
	c.must(`,"` + name + `":`)
	start := c.at
	c.passValue()
	if c.fault != "" {
		return nil
	}
	doc := append(json.RawMessage(nil), c.line[start:c.at]...)
	if !json.Valid(doc) || !standsInLine(doc) {
		c.fail("not a JSON document")
	}
	return doc
}

// passValue passes over a JSON value, whose form is checked afterwards.
func (c *cursor) passValue() {
	depth := 0
	for ; c.at < len(c.line); c.at++ {
		switch c.line[c.at] {
		case '"':
			c.passString()
			if c.fault != "" {
				return
			}
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				return
			}
			if c.line[c.at] != ',' {
				depth--
			}
		}
	}
}

// passString leaves the cursor on the closing quote.
func (c *cursor) passString() {
	for c.at++; c.at < len(c.line); c.at++ {
		switch c.line[c.at] {
		case '"':
			return
		case '\\':
			c.at++
		}
	}
	c.fail("a text does not end")
}
