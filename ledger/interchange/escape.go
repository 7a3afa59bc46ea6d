package interchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The hledger journal gives a meaning to some characters: two spaces end an
// account name, a semicolon begins a comment, a colon divides an account from
// its sub. Text that has them is written with %XX in place of each such byte,
// XX being two capital hexadecimal digits, as addresses on the web are. A
// percent sign is escaped only where it would read as an escape, so "2,5% dari
// bagi hasil" stays what it is. Unescaping gives every text back.

const hexDigits = "0123456789ABCDEF"

// appendEscaped adds text with everything escaped that is in special, that a
// line-based format may take for white space, or that is not printable.
func appendEscaped(b []byte, text, special string) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if isAlphanumeric(c) { // which no form reads as structure
			b = append(b, c)
			i++
			continue
		}
		if c < utf8.RuneSelf {
			if escapesByte(text, i, special) {
				b = appendEscape(b, "%", c)
			} else {
				b = append(b, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 || unicode.IsSpace(r) || unicode.IsControl(r) {
			for _, c := range []byte(text[i : i+size]) {
				b = appendEscape(b, "%", c)
			}
		} else {
			b = append(b, text[i:i+size]...)
		}
		i += size
	}
	return b
}

// escapesByte judges the ASCII character at i.
func escapesByte(text string, i int, special string) bool {
	switch c := text[i]; {
	case c < ' ' || c == 0x7f:
		return true
	case c == ' ':
		return i == 0 || i == len(text)-1 || text[i-1] == ' '
	case c == '%':
		return isEscape(text[i:], "%")
	default:
		return strings.IndexByte(special, c) >= 0
	}
}

func isAlphanumeric(c byte) bool {
	return isDigit(c) || isUpper(c) || 'a' <= c && c <= 'z'
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func appendEscape(b []byte, mark string, c byte) []byte {
	b = append(b, mark...)
	return append(b, hexDigits[c>>4], hexDigits[c&15])
}

// isEscape reports whether text begins with mark and two capital hexadecimal digits.
func isEscape(text, mark string) bool {
	n := len(mark)
	return len(text) >= n+2 && text[:n] == mark && hexValue(text[n]) >= 0 && hexValue(text[n+1]) >= 0
}

func hexValue(c byte) int { return strings.IndexByte(hexDigits, c) }

// unescape undoes the escapes that begin with mark.
func unescape(text, mark string) string {
	if !strings.Contains(text, mark) {
		return text
	}
	n := len(mark)
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if isEscape(text[i:], mark) {
			b = append(b, byte(hexValue(text[i+n])<<4|hexValue(text[i+n+1])))
			i += n + 2
			continue
		}
		b = append(b, text[i])
		i++
	}
	return string(b)
}
