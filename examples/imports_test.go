package examples_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	decimalPath = "github.com/shopspring/decimal"
	testifyPath = "github.com/stretchr/testify"
	requirePath = testifyPath + "/require"
	sqlPkg      = "ledger/sqlledger"
)

// allowed says which packages of this module a package may import, by folder,
// the packages below it included: imports run one way, from the examples over
// the contracts, by way of how a contract is kept, down to the book. Contract
// packages do not know each other; they meet in the book's accounts.
var allowed = map[string][]string{
	"ledger":             nil,
	"ledger/contract":    {"ledger"},
	"ledger/savings":     {"ledger"},
	"ledger/report":      {"ledger"},
	"ledger/interchange": {"ledger"},
	"ledger/sqlledger":   {"ledger"},
	"ledger/ledgertest":  {"ledger"},
	"profitshare":        {"ledger"},
	// The owner's side and the surplus are contracts of their own: neither
	// knows the pools, nor the other.
	"profitshare/channelling":    {"ledger", "ledger/contract", "profitshare/internal/table"},
	"profitshare/financing":      {"ledger", "ledger/contract", "profitshare/internal/table"},
	"profitshare/shu":            {"ledger", "ledger/contract", "profitshare/internal/table"},
	"profitshare/internal/table": nil,
	"murabahah":                  {"ledger", "ledger/contract"},
}

// TestImportsRunOneWay keeps the direction of the imports of all code that is
// no test.
func TestImportsRunOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		if file.test {
			continue
		}
		for _, spec := range file.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if why := importFault(file, imported); why != "" {
				t.Errorf("%s: %s imports %s: %s", file.at(spec), file.pkg, imported, why)
			}
		}
	}
}

func importFault(file *goFile, imported string) string {
	own, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case within(imported, testifyPath):
		return "testify is for _test.go files"
	case !ours && !strings.Contains(firstElement(imported), "."):
		return stdlibFault(file, imported)
	case !ours && (file.nested || imported == decimalPath):
		return ""
	case !ours:
		return "the root module has no such dependency"
	case within(own, "examples"):
		if within(file.pkg, "examples") {
			return ""
		}
		return "a library package cannot know an example"
	case within(file.pkg, "examples") || file.nested:
		return ""
	}
	may, known := allowed[file.pkg]
	if !known {
		return "the package has no line in the table of this test"
	}
	if !slices.Contains(may, own) {
		return "imports run one way: examples, contracts and views, ledger"
	}
	return ""
}

// stdlibFault keeps the world outside of library packages: no files, no
// network, no log, no environment, no randomness. ledgertest is a harness for
// tests and may; sqlledger talks to a server, so it recognises what a network
// does and waits a random while before it tries again.
func stdlibFault(file *goFile, imported string) string {
	if !file.library() || file.nested || within(file.pkg, "ledger/ledgertest") {
		return ""
	}
	world := []string{"os", "log", "syscall", "unsafe", "plugin", "testing", "flag"}
	if !within(file.pkg, sqlPkg) {
		world = append(world, "net", "math/rand", "crypto/rand", "database/sql")
	}
	for _, outside := range world {
		if within(imported, outside) && imported != "database/sql/driver" { // which has the interface of a column's value
			return "a library package does not reach outside: readers, writers, clocks and stores are handed in"
		}
	}
	return ""
}

func firstElement(imported string) string {
	first, _, _ := strings.Cut(imported, "/")
	return first
}

// TestTestsUseRequireOnly keeps testify to the one package of it that stops at
// the first failure.
func TestTestsUseRequireOnly(t *testing.T) {
	for _, file := range goFiles(t) {
		for _, spec := range file.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if within(imported, testifyPath) && imported != requirePath {
				t.Errorf("%s: imports %s, want %s alone", file.at(spec), imported, requirePath)
			}
		}
	}
}

// TestRootModule keeps the root module at two dependencies and one language
// version.
func TestRootModule(t *testing.T) {
	var direct []string
	version := ""
	for line := range strings.Lines(string(read(t, "go.mod"))) {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "go":
			version = fields[1]
		case len(fields) >= 2 && strings.HasPrefix(fields[1], "v") && !strings.HasSuffix(line, "// indirect"):
			direct = append(direct, fields[0])
		}
		require.NotContains(t, line, "replace", "the root module replaces nothing")
	}
	require.Equal(t, "1.24", version)
	require.Equal(t, []string{decimalPath, testifyPath}, direct)
}

// TestLayout keeps every package in a folder that the README explains and the
// table of imports knows.
func TestLayout(t *testing.T) {
	for _, file := range goFiles(t) {
		if !within(file.pkg, "examples") && !file.nested {
			require.Contains(t, allowed, file.pkg, "%s lies in a folder that nobody planned", file.path)
		}
	}
}
