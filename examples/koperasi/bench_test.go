package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/examples/koperasi/year"
	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
)

// BenchmarkYear keeps the built-in year end to end, reading, checking and
// every output file included, and the same year with its members repeated: the
// time a member must not grow. The sizes that take minutes are asked for:
//
//	go test -run - -bench Year -benchtime 1x ./examples/koperasi -large
func BenchmarkYear(b *testing.B) {
	sizes := []int{120, 1200}
	if *large {
		sizes = append(sizes, 12_000, 49_920)
	}
	for _, members := range sizes {
		b.Run(fmt.Sprintf("members=%d", members), func(b *testing.B) {
			files := repeated(b, members/120)
			b.ReportAllocs()
			for b.Loop() {
				keepAll(b, files)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(members), "ns/member")
		})
	}
}

// large asks for the sizes that take minutes and gigabytes.
var large = flag.Bool("large", false, "keep the year of 12,000 and of 49,920 members as well")

// keepAll does all that the program does with a folder, but for the disk.
func keepAll(t testing.TB, files fs.FS) {
	ctx := context.Background()
	folder, faults := year.Read(files)
	require.Empty(t, faults)
	y, faults, err := year.Keep(ctx, ledger.NewMemory(), folder, func(string) {})
	require.NoError(t, err)
	require.Empty(t, faults)
	require.NoError(t, y.Check(ctx))
	for _, file := range y.Files(ctx) {
		var size counter
		require.NoError(t, file.Write(&size))
		require.Positive(t, size)
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// repeated is the built-in year with every member, account, contract and
// document n times over, under ids of their own.
func repeated(t testing.TB, n int) fs.FS {
	whole := fstest.MapFS{}
	own := map[string][]string{
		"members.csv":          {"id"},
		"opening.csv":          {"sub"},
		"savings.csv":          {"key", "account", "member", "counter", "pay_to"},
		"murabahah.csv":        {"contract", "member"},
		"murabahah_events.csv": {"key", "contract"},
		"journal.csv":          {"key", "sub"},
	}
	for _, name := range yearfolder.Files() {
		data, err := melati.ReadFile("melati/in/" + name)
		require.NoError(t, err)
		if columns, repeats := own[name]; repeats {
			data = repeat(t, data, columns, n)
		}
		whole[name] = &fstest.MapFile{Data: data}
	}
	return whole
}

// repeat writes the rows of a file n times, each time with a suffix of its own
// in the columns; the opening's amounts add up as they are.
func repeat(t testing.TB, data []byte, columns []string, n int) []byte {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	require.NoError(t, w.Write(rows[0]))
	for copyNo := range n {
		for _, row := range rows[1:] {
			row = append([]string(nil), row...)
			for i, column := range rows[0] {
				account := column == "counter" && !strings.Contains(row[i], "-") // a cash account
				for _, own := range columns {
					if column == own && row[i] != "" && !account && copyNo > 0 {
						row[i] += "~" + strconv.Itoa(copyNo)
					}
				}
			}
			require.NoError(t, w.Write(row))
		}
	}
	w.Flush()
	require.NoError(t, w.Error())
	return out.Bytes()
}
