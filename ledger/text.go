package ledger

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// plain shows text from outside in a message: as it is, clipped, or quoted if
// it would not print on one line.
func plain(text string) string {
	if text = clip(text); textFault(text, len(text)) != "" {
		return strconv.Quote(text)
	}
	return text
}

// textFault says what is wrong with a text that the book is to keep, or
// returns nothing: it must be valid UTF-8 of at most most bytes, without
// control characters, so that it prints on one line of every export, and
// without overrides of the direction, which would show an amount backwards.
func textFault(text string, most int) string {
	if len(text) > most {
		return fmt.Sprintf("has %d bytes, more than %d", len(text), most)
	}
	plain := true
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] >= utf8.RuneSelf-1 {
			plain = false
			break
		}
	}
	if plain {
		return ""
	}
	if !utf8.ValidString(text) {
		return "is not valid UTF-8"
	}
	for _, r := range text {
		if unicode.IsControl(r) || r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return fmt.Sprintf("has a control character (%U)", r)
		}
	}
	return ""
}
