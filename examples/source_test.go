// The tests of this folder look at the repository itself: which package may
// import which, the house rules that a program can see, and the README.
package examples_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	root   = ".." // of the repository, seen from this folder
	module = "github.com/mizan-coop/mizan"
)

// goFile is a Go source file of the repository.
type goFile struct {
	path   string // from the root, with slashes
	pkg    string // the package's folder from the root
	test   bool   // a _test.go file
	nested bool   // of a module of its own, below the root
	lines  int
	syntax *ast.File
	fset   *token.FileSet
}

// at names the place of a node as FILE:LINE.
func (f *goFile) at(node ast.Node) string {
	return f.fset.Position(node.Pos()).String()
}

// library reports whether the file is code that other programs embed: neither
// a test nor an example.
func (f *goFile) library() bool {
	return !f.test && !within(f.pkg, "examples")
}

// within reports whether a folder is the given one or lies below it.
func within(folder, of string) bool {
	return folder == of || strings.HasPrefix(folder, of+"/")
}

// goFiles parses all Go files of the repository, nested modules included.
func goFiles(t *testing.T) []*goFile {
	t.Helper()
	var files []*goFile
	fset := token.NewFileSet()
	walk(t, func(name string) {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			return
		}
		source := read(t, name)
		syntax, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, &goFile{
			path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), nested: nested(path.Dir(name)),
			lines: bytes.Count(source, []byte("\n")), syntax: syntax, fset: fset,
		})
	})
	require.NotEmpty(t, files)
	return files
}

// nested reports whether a folder belongs to a module below the root.
func nested(folder string) bool {
	for ; folder != "."; folder = path.Dir(folder) {
		if _, err := os.Stat(filepath.Join(root, folder, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

// walk visits every file of the repository by its path from the root.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name == ".git":
			return fs.SkipDir
		case entry.Type().IsRegular():
			visit(name)
		}
		return nil
	})
	require.NoError(t, err)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	require.NoError(t, err)
	return content
}
