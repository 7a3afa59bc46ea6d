package ledger_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
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

// TestEveryFunctionHasAnExample: each exported function of the package is called
// in some example.
func TestEveryFunctionHasAnExample(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var functions []string
	shown := map[string]bool{}
	for _, name := range sources {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if !strings.HasSuffix(name, "_test.go") {
			for _, function := range regexp.MustCompile(`(?m)^func ([A-Z]\w*)`).FindAllStringSubmatch(string(text), -1) {
				functions = append(functions, function[1])
			}
			continue
		}
		for _, example := range regexp.MustCompile(`(?ms)^func (?:Example|exampleBook).*?^}`).FindAllString(string(text), -1) {
			for _, call := range regexp.MustCompile(`\bledger\.([A-Z]\w*)[([]`).FindAllStringSubmatch(example, -1) {
				shown[call[1]] = true
			}
		}
	}
	require.NotEmpty(t, functions)
	for _, function := range functions {
		require.True(t, shown[function], "%s has no example", function)
	}
}
