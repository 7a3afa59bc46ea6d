package ledger

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// textFault says what is wrong with a text that the book is to keep, or
// returns nothing: it must be valid UTF-8 of at most most bytes, without
// control characters, so that it prints on one line of every export.
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
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return fmt.Sprintf("has a control character (%U)", r)
		}
	}
	return ""
}
