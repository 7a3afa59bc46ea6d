package interchange_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger/interchange"
)

// A small reader of journals that knows hledger's rules for the text that
// ExportHledger may write, and fails at anything else.

type journalEntry struct {
	day, number, memo string
	tags              map[string]string
	postings          []journalPosting
}

type journalPosting struct {
	place  place
	amount string
	tags   map[string]string
}

// tagsOf pairs names with values, those without a value left out.
func tagsOf(pairs ...string) map[string]string {
	tags := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			tags[pairs[i]] = pairs[i+1]
		}
	}
	return tags
}

func readJournal(t *testing.T, text string) []journalEntry {
	t.Helper()
	require.True(t, strings.HasSuffix(text, "\n"))
	var all []journalEntry
	declared := make(map[place]bool)
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		name, _ := strings.CutPrefix(line, "account ")
		switch {
		case line == "" || line[0] == ';' || line == "decimal-mark ." || line == "commodity IDR 1000.00":
		case name != line:
			name, _ := splitComment(t, name)
			declared[placeOf(t, name)] = true
		case strings.HasPrefix(line, "    "):
			require.NotEmpty(t, all)
			posting := readPosting(t, line[4:])
			require.True(t, declared[posting.place], "%v is not declared", posting.place)
			last := &all[len(all)-1]
			last.postings = append(last.postings, posting)
		default:
			all = append(all, readEntry(t, line))
		}
	}
	return all
}

func readEntry(t *testing.T, line string) journalEntry {
	t.Helper()
	var e journalEntry
	text, rest, _ := strings.Cut(line, ";")
	e.tags = readTags(t, rest)
	var found bool
	e.day, text, found = strings.Cut(text, " * (")
	require.True(t, found, line)
	e.number, text, found = strings.Cut(text, ")")
	require.True(t, found, line)
	e.memo = interchange.Unescape(strings.TrimSpace(text))
	return e
}

func readPosting(t *testing.T, line string) journalPosting {
	t.Helper()
	require.NotContains(t, "([*!;#", line[:1], "another kind of posting")
	text, tags := splitComment(t, line)
	name, amount, found := strings.Cut(text, "  ") // two spaces end the name
	require.True(t, found, line)
	amount, found = strings.CutPrefix(amount, "IDR ")
	require.True(t, found, line)
	return journalPosting{placeOf(t, name), amount, tags}
}

func splitComment(t *testing.T, line string) (text string, tags map[string]string) {
	t.Helper()
	text, comment, _ := strings.Cut(line, ";")
	return strings.TrimSuffix(text, "  "), readTags(t, comment)
}

func placeOf(t *testing.T, name string) place {
	t.Helper()
	require.LessOrEqual(t, strings.Count(name, ":"), 1, name)
	require.Equal(t, strings.Join(strings.Fields(name), " "), name, "white space that is not one space between words")
	code, sub := interchange.ParseHledgerAccount(name)
	return place{code, sub}
}

func readTags(t *testing.T, comment string) map[string]string {
	t.Helper()
	tags := make(map[string]string)
	if comment == "" {
		return tags
	}
	require.NotContains(t, comment, "[", "a date in brackets")
	for _, tag := range strings.Split(comment, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(tag), ":")
		require.True(t, found, comment)
		tags[name] = interchange.Unescape(value)
	}
	return tags
}
