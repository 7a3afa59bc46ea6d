package examples_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeShowsTheExample keeps the README's Go code the same as the body of
// Example, which runs as a test.
func TestReadmeShowsTheExample(t *testing.T) {
	source := string(read(t, "examples/example_test.go"))
	body := ""
	for _, file := range goFiles(t) {
		if file.path != "examples/example_test.go" {
			continue
		}
		for _, decl := range file.syntax.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == "Example" {
				body = source[file.fset.Position(f.Body.Lbrace).Offset+2 : file.fset.Position(f.Body.Rbrace).Offset]
			}
		}
	}
	require.NotEmpty(t, body)
	shown := fenced(t, "go")
	require.Len(t, shown, 1, "the README shows one example")
	require.Equal(t, regexp.MustCompile(`(?m)^\t`).ReplaceAllString(body, ""), shown[0])
}

// TestReadmeCommands keeps the two commands that CI runs from the README.
func TestReadmeCommands(t *testing.T) {
	shown := fenced(t, "sh")
	require.NotEmpty(t, shown)
	require.Equal(t, "go run ./examples/koperasi\ngo test ./...\n", shown[0])
}

// TestDocumentsPointSomewhere looks that every relative link in the documents
// of the top level leads to something.
func TestDocumentsPointSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	named := regexp.MustCompile("`((?:ledger|murabahah|profitshare|examples)/[\\w./-]*)`")
	documents, err := filepath.Glob(filepath.Join(root, "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, documents)
	for _, document := range documents {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, pattern := range []*regexp.Regexp{link, named} {
			for _, found := range pattern.FindAllStringSubmatch(string(text), -1) {
				if _, err := os.Stat(filepath.Join(root, found[1])); err != nil {
					t.Errorf("%s: %s leads nowhere", filepath.Base(document), found[1])
				}
			}
		}
	}
}

// fenced returns the README's blocks of a language.
func fenced(t *testing.T, language string) []string {
	t.Helper()
	var blocks []string
	parts := strings.Split(string(read(t, "README.md")), "```")
	for i := 1; i < len(parts); i += 2 {
		if block, ok := strings.CutPrefix(parts[i], language+"\n"); ok {
			blocks = append(blocks, block)
		}
	}
	return blocks
}
