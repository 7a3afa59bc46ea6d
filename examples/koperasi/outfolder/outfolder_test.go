package outfolder_test

import (
	"fmt"
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
	file, err := outfolder.Table{
		Name:   "balances.csv",
		Header: []string{"code", "sub", "balance"},
		Rows:   [][]string{{"10101", "", amount}, {"20101", `Siti, "Neneng"`, "-0.50"}},
	}.File()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", file.Data)
	// Output:
	// code,sub,balance
	// 10101,,1234.00
	// 20101,"Siti, ""Neneng""",-0.50
}

func TestRefused(t *testing.T) {
	_, err := outfolder.Table{Name: "x.csv", Header: []string{"a", "b"}, Rows: [][]string{{"1"}}}.File()
	require.EqualError(t, err, "outfolder: x.csv: row 1 has 1 fields, want 2")

	_, err = outfolder.Amount(ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1)))
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
	require.NoError(t, outfolder.Write(dir, []outfolder.File{{"a.csv", []byte("1")}, {"b.csv", nil}}))
	require.Equal(t, map[string]string{"tahun/2025/a.csv": "1", "tahun/2025/b.csv": ""}, tree(t, parent))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "catatan.txt"), []byte("x"), 0o666))
	require.NoError(t, outfolder.Write(dir, []outfolder.File{{"a.csv", []byte("2")}}))
	require.Equal(t, map[string]string{"tahun/2025/a.csv": "2", "tahun/2025/b.csv": "", "tahun/2025/catatan.txt": "x"}, tree(t, parent))
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

	err := outfolder.Write(dir, []outfolder.File{{"a.csv", []byte("new")}, {"b.csv", []byte("new")}, {"c.csv", []byte("new")}})
	require.ErrorContains(t, err, "c.csv is not a regular file")
	require.Equal(t, before, tree(t, parent))
}

func TestWriteWhereAFileStands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.WriteFile(dir, []byte("x"), 0o666))
	require.Error(t, outfolder.Write(dir, []outfolder.File{{"a.csv", []byte("new")}}))
	require.Equal(t, map[string]string{"out": "x"}, tree(t, filepath.Dir(dir)))
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
