package ledger

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// plain shows text from outside in a message: as it is, clipped, or quoted if
// it would not print on one line or not show what is wrong with it.
func plain(text string) string {
	if text = clip(text); NameFault(text, len(text)) != "" {
		return strconv.Quote(text)
	}
	return text
}

// NameFault says why a text of at most most bytes cannot be the name of
// something (a book, a code, key, sub, holder, party or record), or returns
// nothing. It is stricter than [TextFault]: no space at either end, no space but
// the common one, and no character that nobody sees. Two names that look alike
// are alike, or a retry would be taken for another command and a line for
// another member's. An empty text has no fault here.
func NameFault(text string, most int) string {
	if why := TextFault(text, most); why != "" || text == "" {
		return why
	}
	if text[0] == ' ' || text[len(text)-1] == ' ' {
		return "begins or ends with a space"
	}
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return invisible(text[i:])
		}
	}
	return ""
}

// invisible names the first character that nobody sees for what it is, such as
// a space of another width or a mark without a shape of its own.
func invisible(text string) string {
	for _, r := range text {
		if !unicode.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return fmt.Sprintf("has an invisible character (%U)", r)
		}
	}
	return ""
}

// TextFault says why a text cannot be kept by the book, or returns nothing: it
// must be valid UTF-8 of at most most bytes, without control characters, so
// that it prints on one line of every export, and without overrides of the
// direction, which would show an amount backwards. Packages of contracts ask it
// for the texts of their records, so that all of a book keeps to one rule.
func TextFault(text string, most int) string {
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
