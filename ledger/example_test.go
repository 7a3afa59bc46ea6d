package ledger_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestEveryVerbHasAnExample: each method of Book and Tx is called in one of the
// example files.
func TestEveryVerbHasAnExample(t *testing.T) {
	names, err := filepath.Glob("example_*_test.go")
	require.NoError(t, err)
	called := map[string]bool{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, call := range regexp.MustCompile(`\b(book|tx|restored)\.([A-Z]\w*)\(`).FindAllStringSubmatch(string(text), -1) {
			called[call[2]] = true
		}
	}
	for _, of := range []reflect.Type{reflect.TypeFor[*ledger.Book](), reflect.TypeFor[*ledger.Tx]()} {
		for i := range of.NumMethod() {
			require.True(t, called[of.Method(i).Name], "%s.%s has no example", of, of.Method(i).Name)
		}
	}
}
