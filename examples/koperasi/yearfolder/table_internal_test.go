package yearfolder

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// No file or column of the present folder is optional; later ones will be.
func TestOptionalFilesAndColumns(t *testing.T) {
	later := form{file: "later.csv", optional: true, columns: []column{{name: "id"}, {name: "note", optional: true}}}
	for _, test := range []struct {
		name  string
		fsys  fstest.MapFS
		notes []string
		fault string
	}{
		{name: "no file", fsys: fstest.MapFS{}},
		{name: "no column", fsys: fstest.MapFS{"later.csv": {Data: []byte("id\n1\n")}}, notes: []string{""}},
		{name: "all there", fsys: fstest.MapFS{"later.csv": {Data: []byte("note,id\nx,1\n")}}, notes: []string{"x"}},
		{name: "required column missing", fsys: fstest.MapFS{"later.csv": {Data: []byte("note\nx\n")}}, fault: `later.csv:1: column "id" is missing`},
		{name: "misspelt optional column", fsys: fstest.MapFS{"later.csv": {Data: []byte("id,notes\n1,x\n")}}, notes: []string{""}, fault: `later.csv:1: unknown column "notes", want id,note`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var faults Faults
			table := readTable(test.fsys, later, &faults)
			require.Equal(t, test.fault, faults.Error())
			var notes []string
			for _, row := range table.rows {
				notes = append(notes, row.cell("note"))
			}
			require.Equal(t, test.notes, notes)
		})
	}
}

func TestFileSize(t *testing.T) {
	fsys := fstest.MapFS{"x.csv": {Data: []byte("12345")}}
	data, err := readFile(fsys, "x.csv", 5)
	require.NoError(t, err)
	require.Len(t, data, 5)
	_, err = readFile(fsys, "x.csv", 4)
	require.EqualError(t, err, "the file is larger than 4 bytes")
}

// Lines are counted as an editor counts them, and a broken record does not
// swallow the ones after it.
func TestRecords(t *testing.T) {
	for _, test := range []struct {
		name string
		text string
		want []record
	}{
		{name: "nothing", text: ""},
		{name: "empty lines", text: "\n\r\n\n"},
		{name: "empty lines before", text: "\n\r\na,b\n", want: []record{{line: 3, cells: []string{"a", "b"}}}},
		{name: "quoted line ends", text: "\"a\r\n\nb\",c\nd\n", want: []record{{line: 1, cells: []string{"a\n\nb", "c"}}, {line: 4, cells: []string{"d"}}}},
		{name: "doubled quotes", text: "\"a \"\"b\"\"\"\n", want: []record{{line: 1, cells: []string{`a "b"`}}}},
		{name: "never closed", text: "a\n\n\"b,c\nd\ne\n", want: []record{
			{line: 1, cells: []string{"a"}},
			{line: 3, cells: []string{"b", "c"}, broken: quoting(nil)},
			{line: 4, cells: []string{"d"}}, {line: 5, cells: []string{"e"}},
		}},
		{name: "closed by a later quote", text: "\"b,c\nd,\"e\"\nf\n", want: []record{
			{line: 1, cells: []string{"b", "c"}, broken: quoting(nil)},
			{line: 2, cells: []string{"d", "e"}}, {line: 3, cells: []string{"f"}},
		}},
		{name: "never closed in the last line", text: "a\n\"b", want: []record{
			{line: 1, cells: []string{"a"}}, {line: 2, cells: []string{"b"}, broken: quoting(nil)},
		}},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.want, records([]byte(test.text))) })
	}
}
