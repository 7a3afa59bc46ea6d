package outfolder_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/examples/koperasi/outfolder"
	"github.com/mizan-coop/mizan/ledger"
)

func ExampleTable_File() {
	amount, err := outfolder.Amount(ledger.IDR.Of(1234))
	if err != nil {
		fmt.Println(err)
		return
	}
	file := outfolder.Table{
		Name:   "balances.csv",
		Header: []string{"code", "sub", "balance"},
		Rows: func(add func(cells ...string) error) error {
			if err := add("10101", "", amount); err != nil {
				return err
			}
			return add("20101", `Siti, "Neneng"`, "-0.50")
		},
	}.File()
	if err := file.Write(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// code,sub,balance
	// 10101,,1234.00
	// 20101,"Siti, ""Neneng""",-0.50
}

func TestDays(t *testing.T) {
	for _, test := range []struct {
		days ledger.BalanceDays
		want string
	}{
		{ledger.BalanceDays{}, "0.00"},
		{ledger.Minor(1).Over(1), "0.01"},
		{ledger.Minor(100_050).Over(31), "31015.50"},
		{ledger.Minor(-1).Over(3), "-0.03"},
		{ledger.Minor(ledger.MaxMoney).Over(31), "2859245331424980495.52"},
	} {
		got, err := outfolder.Days(test.days)
		require.NoError(t, err)
		require.Equal(t, test.want, got)
	}
	_, err := outfolder.Days(ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1)).Over(1))
	require.ErrorIs(t, err, ledger.ErrMoney)
}

func TestRefused(t *testing.T) {
	narrow := outfolder.Table{Name: "x.csv", Header: []string{"a", "b"}, Rows: func(add func(...string) error) error { return add("1") }}
	require.EqualError(t, outfolder.Write(t.TempDir(), []outfolder.File{narrow.File()}), "outfolder: x.csv: row 1 has 1 fields, want 2")

	_, err := outfolder.Amount(ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1)))
	require.ErrorIs(t, err, ledger.ErrMoney)

	dir := t.TempDir()
	for _, name := range []string{"", ".", "..", "../x", "a/b", "/x"} {
		require.ErrorContains(t, outfolder.Write(dir, []outfolder.File{{Name: name}}), "is not a plain file name")
	}
	require.ErrorContains(t, outfolder.Write(dir, []outfolder.File{{Name: "a"}, {Name: "a"}}), `two files of the name "a"`)
	require.Empty(t, tree(t, dir))
}

func TestWrite(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "tahun", "2025")
	require.NoError(t, outfolder.Write(dir, []outfolder.File{text("a.csv", "1"), text("b.csv", "")}))
	require.Equal(t, map[string]string{"tahun/2025/a.csv": "1", "tahun/2025/b.csv": ""}, tree(t, parent))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "catatan.txt"), []byte("x"), 0o666))
	require.NoError(t, outfolder.Write(dir, []outfolder.File{text("a.csv", "2")}))
	require.Equal(t, map[string]string{"tahun/2025/a.csv": "2", "tahun/2025/b.csv": "", "tahun/2025/catatan.txt": "x"}, tree(t, parent))
}

// A file whose content fails leaves everything as it was, a half-written one
// included.
func TestWriteFailingContent(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	require.NoError(t, outfolder.Write(dir, []outfolder.File{text("a.csv", "old")}))
	broken := outfolder.File{Name: "b.csv", Write: func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		require.NoError(t, err)
		return errors.New("the book cannot be read")
	}}
	require.EqualError(t, outfolder.Write(dir, []outfolder.File{text("a.csv", "new"), broken}), "outfolder: b.csv: the book cannot be read")
	require.Equal(t, map[string]string{"out/a.csv": "old"}, tree(t, parent))
}

// A file that cannot be put in place takes the ones before it back, and
// leaves nothing beside the folder.
func TestWriteAllOrNothing(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "c.csv", "inside"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.csv"), []byte("old"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "c.csv", "x"), []byte("x"), 0o666))
	before := tree(t, parent)

	err := outfolder.Write(dir, []outfolder.File{text("a.csv", "new"), text("b.csv", "new"), text("c.csv", "new")})
	require.ErrorContains(t, err, "c.csv is not a regular file")
	require.Equal(t, before, tree(t, parent))
}

func TestWriteWhereAFileStands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.WriteFile(dir, []byte("x"), 0o666))
	require.Error(t, outfolder.Write(dir, []outfolder.File{text("a.csv", "new")}))
	require.Equal(t, map[string]string{"out": "x"}, tree(t, filepath.Dir(dir)))
}

// text is a file of a content.
func text(name, content string) outfolder.File {
	return outfolder.File{Name: name, Write: func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}}
}

// tree returns the files under dir with their content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		all[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return all
}
