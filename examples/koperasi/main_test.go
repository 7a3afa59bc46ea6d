package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   func(t *testing.T) []string
		status int
		stdout string
		stderr string
	}{
		{
			name:   "the built-in year",
			args:   func(*testing.T) []string { return nil },
			stdout: "KSPPS Melati Kota Blitar\nLAPORAN POSISI KEUANGAN\nPer 31 Desember 2025\n",
		},
		{
			name:   "a folder",
			args:   func(*testing.T) []string { return []string{"-in", filepath.Join("melati", "in")} },
			stdout: "KSPPS Melati",
		},
		{
			name: "a faulty folder",
			args: func(t *testing.T) []string {
				dir := t.TempDir()
				require.NoError(t, os.CopyFS(dir, os.DirFS("melati/in")))
				appendText(t, filepath.Join(dir, "members.csv"), "M99999,Siti,besok\n")
				appendText(t, filepath.Join(dir, "pool.csv"), "99999\n")
				return []string{"-in", dir}
			},
			status: 1,
			stderr: "pool.csv:4: income_account \"99999\": unknown, not in accounts.csv\n" +
				"members.csv:122: joined \"besok\": not a date, not of the form YYYY-MM-DD\n",
		},
		{
			name:   "no folder",
			args:   func(t *testing.T) []string { return []string{"-in", filepath.Join(t.TempDir(), "none")} },
			status: 1,
			stderr: "koperasi: stat ",
		},
		{
			name:   "a file in place of a folder",
			args:   func(*testing.T) []string { return []string{"-in", "main.go"} },
			status: 1,
			stderr: "koperasi: main.go is not a folder\n",
		},
		{
			name:   "an unknown flag",
			args:   func(*testing.T) []string { return []string{"-year", "2025"} },
			status: 2,
			stderr: "flag provided but not defined: -year",
		},
		{
			name:   "an argument too many",
			args:   func(*testing.T) []string { return []string{"melati"} },
			status: 2,
			stderr: "koperasi: unexpected argument \"melati\"\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			require.Equal(t, test.status, run(test.args(t), &stdout, &stderr))
			requireBegins(t, test.stdout, stdout.String())
			requireBegins(t, test.stderr, stderr.String())
		})
	}
}

// requireBegins holds output to its beginning, and no output to none at all.
func requireBegins(t *testing.T, want, got string) {
	t.Helper()
	if want == "" {
		require.Empty(t, got)
	}
	require.True(t, strings.HasPrefix(got, want), "got %q", got)
}

func appendText(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
