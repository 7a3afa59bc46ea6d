package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDemonstration gives the same books for the same seed, others for
// another, and books that contradict nothing.
func TestDemonstration(t *testing.T) {
	digests := func(h *hosted) (all string) {
		for _, id := range []string{"K001", "K002"} {
			all += h.head(id).Digest.String()
		}
		return all
	}
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 2)
		require.Equal(t, digests(host(t, sqliteFiles, 2)), digests(h))
		require.NoError(t, h.app.fill(t.Context(), 2, 9, silent)) // there is data: nothing more
		require.Equal(t, "2", h.text("SELECT count(*) FROM app_coop"))
		h.sound()
	})
}

// TestDemonstrationBrokenOff: what a signal breaks off is continued at the next
// start, to the same books.
func TestDemonstrationBrokenOff(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		const coops = 9
		h := host(t, e, 0)
		ctx, cancel := context.WithCancel(t.Context())
		require.ErrorIs(t, h.app.fill(ctx, 1, coops, func(done, of int) {
			if done == 3 {
				cancel()
			}
		}), context.Canceled)
		require.Equal(t, "0", h.text("SELECT count(*) FROM app_coop WHERE id = 'K001'"), "the first is written last")
		require.NotEqual(t, "0", h.text("SELECT count(*) FROM app_coop"))

		var told []int
		require.NoError(t, h.app.fill(t.Context(), 1, coops, func(done, of int) {
			told = append(told, done)
			require.Equal(t, coops, of)
		}))
		require.True(t, slices.IsSorted(told))
		require.Less(t, len(told), coops+1, "what was there stays")
		require.Equal(t, coops, told[len(told)-1])
		whole := host(t, sqliteFiles, coops)
		for i := range coops {
			require.Equal(t, whole.head(coopID(i+1)), h.head(coopID(i+1)))
		}
		require.NoError(t, h.app.fill(t.Context(), 1, coops, func(int, int) { t.Error("there is nothing to do") }))
		require.Equal(t, "/koperasi/K010", h.post("/kantor", key("found"), "nama", "KSPPS Baru", "tempat", "Kalibening").path)
		h.sound()
	})
}

// TestStartedTogether: of several processes that start on a new database at
// once, none fails, and each thing is there once.
func TestStartedTogether(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		const coops = 3
		dsn, file := e.open(t, noTables)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				db, err := openDatabase(t.Context(), dsn, file)
				if !assert(t, err) {
					return
				}
				defer db.Close()
				assert(t, must(newApp(db, still, slog.New(slog.DiscardHandler))).fill(t.Context(), 1, coops, silent))
			})
		}
		group.Wait()
		h := watch(t, dsn, file)
		whole := host(t, sqliteFiles, coops)
		for i := range coops {
			require.Equal(t, whole.head(coopID(i+1)), h.head(coopID(i+1)))
		}
		require.Equal(t, fmt.Sprint(coops), h.text("SELECT count(*) FROM app_coop"))
		h.sound()
	})
}

func assert(t *testing.T, err error) bool {
	if err != nil {
		t.Error(err)
	}
	return err == nil
}

// TestFindings: what is wrong in our tables is found.
func TestFindings(t *testing.T) {
	for _, tamper := range []string{
		"UPDATE app_coop SET savings = savings + 1", "UPDATE app_coop SET financing = 0", "UPDATE app_coop SET members = members + 1",
		"UPDATE app_result SET amount = amount + 100", "DELETE FROM app_result",
		"UPDATE app_order SET state = 'settled' WHERE state = 'sold'", "UPDATE app_order SET price = price + 100", "DELETE FROM app_order",
		"DELETE FROM app_request", "UPDATE app_request SET request_key = 'another'",
		"INSERT INTO app_member (coop, number, name, phone, joined) VALUES ('K001', 'M9000', 'x', '', '2026-01-01')",
		"UPDATE mizan_line SET amount = amount + 1 WHERE seq = 1 AND line_no = 1",
	} {
		t.Run(tamper, func(t *testing.T) {
			h := host(t, sqliteFiles, 1)
			h.post("/koperasi/K001/anggota/M0001/setoran", key("k"), "produk", voluntary, "jumlah", "50.000")
			h.exec(tamper)
			findings, err := h.app.findings(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, findings)
		})
	}
}
