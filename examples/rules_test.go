package examples_test

import (
	"bytes"
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxLines is the most lines of a Go file that is no test.
const maxLines = 450

// TestFilesAreShort keeps every file at a length that is read in one sitting.
func TestFilesAreShort(t *testing.T) {
	for _, file := range goFiles(t) {
		if !file.test && file.lines > maxLines {
			t.Errorf("%s has %d lines, want at most %d", file.path, file.lines, maxLines)
		}
	}
}

// TestLibraryHasNoHiddenInputs looks for what would make two runs of a library
// package differ, or money inexact: floats, the clock, init functions,
// goroutines, and package variables that change.
func TestLibraryHasNoHiddenInputs(t *testing.T) {
	for folder, files := range packages(goFiles(t)) {
		if !files[0].library() || files[0].nested || folder == "ledger/ledgertest" {
			continue
		}
		info, pkg := resolve(folder, files)
		for _, file := range files {
			hidden := &hiddenInputs{t: t, file: file, info: info, pkg: pkg}
			hidden.look()
		}
	}
}

// packages groups the files that are no tests by their folder.
func packages(files []*goFile) map[string][]*goFile {
	byFolder := make(map[string][]*goFile)
	for _, file := range files {
		if !file.test {
			byFolder[file.pkg] = append(byFolder[file.pkg], file)
		}
	}
	return byFolder
}

// resolve finds out what each name of a package means. Other packages are not
// loaded: what they declare stays unknown, and is not needed.
func resolve(folder string, files []*goFile) (*types.Info, *types.Package) {
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object), Defs: make(map[*ast.Ident]types.Object)}
	config := types.Config{Importer: noImporter{}, Error: func(error) {}}
	var syntax []*ast.File
	for _, file := range files {
		syntax = append(syntax, file.syntax)
	}
	pkg, _ := config.Check(folder, files[0].fset, syntax, info) // errors are certain: nothing is imported
	return info, pkg
}

type noImporter struct{}

func (noImporter) Import(string) (*types.Package, error) { return nil, errors.New("not loaded") }

// hiddenInputs looks through one file.
type hiddenInputs struct {
	t    *testing.T
	file *goFile
	info *types.Info
	pkg  *types.Package
	// refused are the types of cases of type switches: a float that is named
	// there is recognised in order to be refused.
	refused map[ast.Expr]bool
}

func (h *hiddenInputs) look() {
	h.refused = make(map[ast.Expr]bool)
	for _, decl := range h.file.syntax.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			h.fault(f, "an init function")
		}
	}
	ast.Inspect(h.file.syntax, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.TypeSwitchStmt:
			for _, clause := range n.Body.List {
				for _, named := range clause.(*ast.CaseClause).List {
					h.refused[named] = true
				}
			}
		case *ast.Ident:
			h.float(n)
		case *ast.BasicLit:
			if n.Kind == token.FLOAT || n.Kind == token.IMAG {
				h.fault(n, "a float "+n.Value)
			}
		case *ast.GoStmt:
			h.fault(n, "a goroutine")
		case *ast.SelectorExpr:
			h.clock(n)
		case *ast.AssignStmt:
			for _, target := range n.Lhs {
				h.changed(target)
			}
		case *ast.IncDecStmt:
			h.changed(n.X)
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, name.Name) {
				h.changed(n.Args[0])
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				h.changed(n.X) // whoever has its address can change it
			}
		}
		return true
	})
}

func (h *hiddenInputs) float(name *ast.Ident) {
	object := h.info.Uses[name]
	if object == nil || object.Parent() != types.Universe || h.refused[name] {
		return
	}
	if slices.Contains([]string{"float32", "float64", "complex64", "complex128"}, name.Name) {
		h.fault(name, "a "+name.Name)
	}
}

// clock finds time.Now and its like, also where they are handed on as values.
// sqlledger may wait: what it does after is the same.
func (h *hiddenInputs) clock(selector *ast.SelectorExpr) {
	from, ok := selector.X.(*ast.Ident)
	if !ok {
		return
	}
	imported, ok := h.info.Uses[from].(*types.PkgName)
	if !ok || imported.Imported().Path() != "time" {
		return
	}
	hidden := []string{"Now", "Since", "Until", "Local"}
	if !within(h.file.pkg, sqlPkg) {
		hidden = append(hidden, "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep")
	}
	if slices.Contains(hidden, selector.Sel.Name) {
		h.fault(selector, "time."+selector.Sel.Name)
	}
}

// changed finds package variables that code changes, whole or in part.
func (h *hiddenInputs) changed(target ast.Expr) {
	for {
		switch t := target.(type) {
		case *ast.IndexExpr:
			target = t.X
		case *ast.SelectorExpr:
			target = t.X
		case *ast.StarExpr:
			target = t.X
		case *ast.ParenExpr:
			target = t.X
		case *ast.Ident:
			if variable, ok := h.info.Uses[t].(*types.Var); ok && h.pkg != nil && variable.Parent() == h.pkg.Scope() {
				h.fault(t, "a change of the package variable "+t.Name)
			}
			return
		default:
			return
		}
	}
}

func (h *hiddenInputs) fault(node ast.Node, what string) {
	h.t.Errorf("%s: %s in a library package", h.file.at(node), what)
}

// TestExportedNamesAreDocumented asks for a comment on every name that other
// programs see.
func TestExportedNamesAreDocumented(t *testing.T) {
	for folder, files := range packages(goFiles(t)) {
		if within(folder, "examples") {
			continue
		}
		described := false
		for _, file := range files {
			described = described || file.syntax.Doc.Text() != ""
			for _, decl := range file.syntax.Decls {
				switch d := decl.(type) {
				case *ast.FuncDecl:
					checkFunc(t, file, d)
				case *ast.GenDecl:
					checkNames(t, file, d)
				}
			}
		}
		if !described {
			t.Errorf("package %s has no doc comment", folder)
		}
	}
}

// spoken are the methods whose meaning an interface of the standard library
// fixes and whose name says all.
var spoken = []string{"Error", "Unwrap", "Len", "Less", "Swap"}

func checkFunc(t *testing.T, file *goFile, f *ast.FuncDecl) {
	t.Helper()
	if !f.Name.IsExported() || f.Doc.Text() != "" || f.Recv != nil && (!ast.IsExported(receiver(f)) || slices.Contains(spoken, f.Name.Name)) {
		return
	}
	t.Errorf("%s: %s has no doc comment", file.at(f), f.Name.Name)
}

// receiver returns the name of a method's type.
func receiver(f *ast.FuncDecl) string {
	name := ""
	ast.Inspect(f.Recv.List[0].Type, func(node ast.Node) bool {
		if ident, ok := node.(*ast.Ident); ok && name == "" {
			name = ident.Name
		}
		return name == ""
	})
	return name
}

// checkNames takes a comment on the name, beside it, or on its whole group.
// The values of an enumeration are described by its type.
func checkNames(t *testing.T, file *goFile, d *ast.GenDecl) {
	t.Helper()
	enumeration := false
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && s.Doc.Text() == "" && d.Doc.Text() == "" && s.Comment.Text() == "" {
				t.Errorf("%s: type %s has no doc comment", file.at(s), s.Name.Name)
			}
		case *ast.ValueSpec:
			enumeration = enumeration && s.Type == nil && len(s.Values) == 0 || d.Tok == token.CONST && s.Type != nil
			if enumeration || s.Doc.Text() != "" || s.Comment.Text() != "" || d.Doc.Text() != "" {
				continue
			}
			for _, name := range s.Names {
				if name.IsExported() {
					t.Errorf("%s: %s has no doc comment", file.at(s), name.Name)
				}
			}
		}
	}
}

// A machine's own folders, and paths that climb.
var (
	machinePath = regexp.MustCompile("(?:^|[\\s\"'`(=:])/(?:home|root|tmp|work|workspace|Users|mnt)/[\\w.-]+")
	climbing    = regexp.MustCompile(`(?:\.\./)+[\w.-]*`)
)

// TestRepositoryStandsAlone looks for paths that mean something on one machine
// only, or that lead out of the repository: a clone alone must do.
func TestRepositoryStandsAlone(t *testing.T) {
	walk(t, func(name string) {
		content := read(t, name)
		if bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0 {
			return // no text
		}
		for i, line := range bytes.Split(content, []byte("\n")) {
			if !bytes.Contains(line, []byte("/")) {
				continue
			}
			if found := machinePath.Find(line); found != nil {
				t.Errorf("%s:%d: a path of one machine: %s", name, i+1, found)
			}
			for _, found := range climbing.FindAll(line, -1) {
				if strings.HasPrefix(path.Join(path.Dir(name), string(found)), "..") {
					t.Errorf("%s:%d: leads out of the repository: %s", name, i+1, found)
				}
			}
		}
	})
}

// TestExamplesAreShort keeps the situation that each small example shows on
// one screen; what it needs beside it stands in files of its own.
func TestExamplesAreShort(t *testing.T) {
	const most = 59
	for _, file := range goFiles(t) {
		if path.Base(file.path) == "main.go" && file.pkg != "examples/koperasi" && !file.nested && file.lines > most {
			t.Errorf("%s has %d lines, want at most %d", file.path, file.lines, most)
		}
	}
}
