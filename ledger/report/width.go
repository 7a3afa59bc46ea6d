package report

import (
	"strings"
	"unicode"
)

// wide are the characters that take two cells of a monospaced page: East Asian
// letters, full-width forms and pictographs.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115F, 1}, {0x2E80, 0x303E, 1}, {0x3041, 0x33FF, 1}, {0x3400, 0x4DBF, 1}, {0x4E00, 0x9FFF, 1},
		{0xA000, 0xA4CF, 1}, {0xA960, 0xA97F, 1}, {0xAC00, 0xD7A3, 1}, {0xF900, 0xFAFF, 1}, {0xFE30, 0xFE6F, 1},
		{0xFF00, 0xFF60, 1}, {0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{{0x1F300, 0x1F64F, 1}, {0x1F900, 0x1F9FF, 1}, {0x20000, 0x3FFFD, 1}},
}

// width returns how many cells of a monospaced page a text takes. Marks that
// sit on the letter before them take none.
func width(text string) int {
	cells := 0
	for _, r := range text {
		cells += cellsOf(r)
	}
	return cells
}

func cellsOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// pad fills a text with spaces to a width.
func pad(text string, cells int) string {
	return text + strings.Repeat(" ", max(0, cells-width(text)))
}

// wrap cuts a text into lines of at most a width, between words where it can.
// It returns at least one line.
func wrap(text string, most int) []string {
	most = max(most, 2) // a wide letter must fit
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		room := width(word)
		if used > 0 && used+1+room <= most {
			line, used = line+" "+word, used+1+room
			continue
		}
		if used > 0 {
			lines = append(lines, line)
		}
		for room > most {
			head := cut(word, most)
			lines, word = append(lines, head), word[len(head):]
			room = width(word)
		}
		line, used = word, room
	}
	return append(lines, line)
}

// cut returns the beginning of a word that fits a width, marks on its last
// letter included.
func cut(word string, most int) string {
	used := 0
	for at, r := range word {
		used += cellsOf(r)
		if used > most {
			return word[:at]
		}
	}
	return word
}
