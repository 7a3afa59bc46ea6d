package sqlledger

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// How values cross database/sql. Amounts and days bring their own codecs; a
// flag is 0 or 1; a name is its text; an instant is a UTC timestamp of
// microseconds that drivers return as time or as text.

const instantForm = "2006-01-02 15:04:05.000000"

// digest reads a digest from its hexadecimal text; an empty text is the zero digest.
type digest struct{ into *ledger.Digest }

func (d digest) Scan(src any) error {
	text, err := textOf(src)
	if err != nil || text == "" {
		*d.into = ledger.Digest{}
		return err
	}
	return d.into.UnmarshalText([]byte(text))
}

// name reads the text of an enumeration.
type name struct{ into encoding.TextUnmarshaler }

func (n name) Scan(src any) error {
	text, err := textOf(src)
	if err != nil {
		return err
	}
	return n.into.UnmarshalText([]byte(text))
}

// document reads JSON byte by byte as it was written; no text is none.
type document struct{ into *json.RawMessage }

func (d document) Scan(src any) error {
	text, err := textOf(src)
	*d.into = nil
	if text != "" {
		*d.into = json.RawMessage(text)
	}
	return err
}

// instant reads a timestamp; NULL is the zero instant.
type instant struct{ into *time.Time }

func (i instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i.into = time.Time{}
		return nil
	case time.Time:
		*i.into = v.UTC()
		return nil
	}
	text, err := textOf(src)
	if err != nil {
		return err
	}
	read, err := time.Parse(time.DateTime, text) // takes a fraction of a second too
	*i.into = read
	return err
}

func textOf(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("sqlledger: a text column holds a %T", src)
}

// bound64 returns a number as the database counts, and whether it can.
func bound64(n uint64) (int64, bool) { return int64(min(n, math.MaxInt64)), n <= math.MaxInt64 }
