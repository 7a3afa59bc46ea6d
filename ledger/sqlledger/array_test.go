package sqlledger

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// parsed reads an array's text as PostgreSQL does; nil is NULL.
func parsed(t *testing.T, text string) []*string {
	t.Helper()
	require.True(t, strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}"), text)
	var all []*string
	for rest := text[1 : len(text)-1]; rest != ""; rest = strings.TrimPrefix(rest, ",") {
		var value strings.Builder
		if rest[0] != '"' {
			word, _, _ := strings.Cut(rest, ",")
			rest = rest[len(word):]
			if word == "NULL" {
				all = append(all, nil)
				continue
			}
			value.WriteString(word)
		} else {
			rest = rest[1:]
			for ; rest[0] != '"'; rest = rest[1:] {
				if rest[0] == '\\' {
					rest = rest[1:]
				}
				value.WriteByte(rest[0])
			}
			rest = rest[1:]
		}
		read := value.String()
		all = append(all, &read)
	}
	return all
}

// TestArrays fills columns with random values and reads them as the statement
// does: behind the end of an array its first value stands, or NULL.
func TestArrays(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	day := ledger.On(2026, 11, 23)
	kinds := map[string]func(a *array, n int) *string{
		"text": func(a *array, n int) *string {
			s := []string{"", "NULL", `a "b" \c, {d}`, "é"}[n]
			a.text(s)
			return &s
		},
		"int": func(a *array, n int) *string {
			s := []string{"0", "-1", "7", "12"}[n]
			a.int([]int64{0, -1, 7, 12}[n])
			return &s
		},
		"date": func(a *array, n int) *string {
			s := day.AddDays(n).String()
			a.date(day.AddDays(n))
			return &s
		},
		"hex": func(a *array, n int) *string {
			s := []string{"00ff", "a1a1", "0100", "7f00"}[n]
			a.hex([][]byte{{0, 255}, {0xa1, 0xa1}, {1, 0}, {0x7f, 0}}[n])
			return &s
		},
		"none or text": func(a *array, n int) *string {
			if n < 2 {
				a.null()
				return nil
			}
			s := []string{"x", "y"}[n-2]
			a.text(s)
			return &s
		},
	}
	folded := 0
	for name, add := range kinds {
		a := array{}
		for range 400 {
			a.clear() // what is used again keeps nothing
			a.fold = foldAny
			if name == "none or text" {
				a.fold = foldNull
			}
			if random.IntN(4) == 0 {
				a.fold = foldNone
			}
			var want []*string
			values, rows := 1+random.IntN(4), 1+random.IntN(6)
			for range rows {
				want = append(want, add(&a, random.IntN(values)))
			}
			text := a.literal()
			got := parsed(t, text)
			if a.fold == foldNone {
				require.Len(t, got, rows)
			} else if len(got) < rows {
				folded++
				require.Len(t, got, 1)
			}
			for len(got) < rows {
				if a.fold == foldNull {
					got = append(got, nil)
				} else {
					got = append(got, got[0])
				}
			}
			require.Equal(t, want, got, "%s: %s", name, text)
		}
	}
	require.Greater(t, folded, 100)
	require.Equal(t, "{}", (&array{}).literal())
}
