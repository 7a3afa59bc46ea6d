package sqlledger

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// array is the text of a PostgreSQL array under construction, the values of
// one column. While all of them are the same, most of the work for them is
// saved on both sides: the value is there once, and [table.insertArrays] has it
// stand for all rows behind the array's end.
type array struct {
	fold  fold
	built []byte
	count int         // values added
	first int         // where the first of them ends
	same  bool        // all of them are the first, which is there alone
	day   ledger.Date // the first value, if it is a day
}

// fold says which value may stand for all.
type fold int

const (
	foldNone fold = iota
	foldNull      // only NULL, as rows behind the end have it without more
	foldAny
)

// begin begins a value and returns its place.
func (a *array) begin() int {
	if a.count == 0 {
		a.built = append(a.built, '{')
	} else {
		a.built = append(a.built, ',')
	}
	return len(a.built)
}

// end ends the value that began at a place.
func (a *array) end(from int) {
	a.count++
	if a.count == 1 {
		a.first = len(a.built)
		a.same = a.fold == foldAny || a.fold == foldNull && string(a.built[from:]) == null
		return
	}
	if !a.same {
		return
	}
	if bytes.Equal(a.built[from:], a.built[1:a.first]) {
		a.built = a.built[:from-1]
		return
	}
	a.same = false
	added := string(a.built[from-1:]) // with its comma
	a.built = a.built[:from-1]
	for range a.count - 2 {
		a.built = append(a.built, ',')
		a.built = append(a.built, a.built[1:a.first]...)
	}
	a.built = append(a.built, added...)
}

func (a *array) text(s string) {
	from := a.begin()
	a.built = append(a.built, '"')
	if strings.IndexByte(s, '"') < 0 && strings.IndexByte(s, '\\') < 0 {
		a.built = append(a.built, s...)
	} else {
		for i := range len(s) {
			if s[i] == '"' || s[i] == '\\' {
				a.built = append(a.built, '\\')
			}
			a.built = append(a.built, s[i])
		}
	}
	a.built = append(a.built, '"')
	a.end(from)
}

func (a *array) int(n int64) {
	from := a.begin()
	a.built = strconv.AppendInt(a.built, n, 10)
	a.end(from)
}

// date adds a day. Most columns have one day over and over.
func (a *array) date(d ledger.Date) {
	if a.same && a.day == d {
		a.count++
		return
	}
	if a.count == 0 {
		a.day = d
	}
	a.text(d.String())
}

// hex adds bytes as hexadecimal text.
func (a *array) hex(b []byte) {
	from := a.begin()
	a.built = hex.AppendEncode(a.built, b)
	a.end(from)
}

const null = "NULL"

func (a *array) null() {
	from := a.begin()
	a.built = append(a.built, null...)
	a.end(from)
}

func (a *array) literal() string {
	if a.count == 0 {
		return "{}"
	}
	a.built = append(a.built, '}')
	return string(a.built)
}

// clear makes the array empty again.
func (a *array) clear() { *a = array{fold: a.fold, built: a.built[:0]} }
