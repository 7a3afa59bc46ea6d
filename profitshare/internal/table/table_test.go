package table_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mizan-coop/mizan/profitshare/internal/table"
	"github.com/stretchr/testify/require"
)

var sample = table.Table{
	Title:   "Daftar",
	Columns: []table.Column{{Heading: "Nama", Key: "name"}, {Heading: "Jumlah", Key: "amount", Number: true}},
	Rows: slices.Values([][]table.Cell{
		{table.Same("Siti, binti Aminah"), {Text: "1.000.000", Machine: "1000000.00"}},
		{table.Same("Budi"), {Text: "(5)", Machine: "-5.00"}},
	}),
	Total: []table.Cell{table.Same("Jumlah"), table.Same("999.995")},
}

func TestText(t *testing.T) {
	var b strings.Builder
	require.NoError(t, sample.Text(&b))
	require.Equal(t, `Daftar

Nama                   Jumlah
------------------  ---------
Siti, binti Aminah  1.000.000
Budi                      (5)
------------------  ---------
Jumlah                999.995
`, b.String())
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	require.NoError(t, sample.CSV(&b))
	require.Equal(t, "name,amount\n\"Siti, binti Aminah\",1000000.00\nBudi,-5.00\n", b.String())
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

var errBroken = errors.New("no paper")

func TestErrorsOfTheWriterAreTold(t *testing.T) {
	require.ErrorIs(t, sample.Text(broken{}), errBroken)
	require.ErrorIs(t, sample.CSV(broken{}), errBroken)
}
