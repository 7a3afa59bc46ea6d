package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// TestFromJoiningToSettling is a member's way through the cooperative.
func TestFromJoiningToSettling(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 2)
		before := h.text("SELECT members FROM app_coop WHERE id = 'K001'")
		joined := h.post("/koperasi/K001/daftar", key("join"), "nama", "Siti  <b>Aminah</b>", "nik", "3374 0112.3456-0001", "telepon", "0800 1234")
		require.Equal(t, http.StatusOK, joined.status)
		require.Contains(t, joined.body, "Siti &lt;b&gt;Aminah&lt;/b&gt;", "what people type is shown and never run")
		require.NotContains(t, joined.body, "<b>Aminah")
		number := strings.TrimPrefix(joined.path, "/koperasi/K001/anggota/")
		require.Equal(t, "M0049", number)
		require.NotEqual(t, before, h.text("SELECT members FROM app_coop WHERE id = 'K001'"))
		require.Equal(t, idr(100_000), h.balance("K001", number, pokok))
		require.Equal(t, idr(20_000), h.balance("K001", number, wajib))

		require.Contains(t, h.post(joined.path+"/setoran", key("small"), "produk", voluntary, "jumlah", "5.000").body, "Setoran pertama paling sedikit Rp\u00a020.000")
		require.Contains(t, h.post(joined.path+"/setoran", key("deposit"), "produk", voluntary, "jumlah", "Rp 3.000.000").body, "Setoran Rp\u00a03.000.000")
		require.Contains(t, h.post(joined.path+"/penarikan", key("withdraw"), "jumlah", "250000").body, "Penarikan Rp\u00a0250.000")
		require.Equal(t, idr(2_750_000), h.balance("K001", number, voluntary))

		ordered := h.order("K001", "B01", number, 12, key("order"))
		require.Equal(t, http.StatusOK, ordered.status)
		require.Contains(t, ordered.body, "Dipesan")
		id := strings.TrimPrefix(ordered.path, "/koperasi/K001/pesanan/")
		early := h.post(ordered.path+"/akad", key("early"))
		require.Equal(t, http.StatusUnprocessableEntity, early.status)
		require.Contains(t, early.body, "milik koperasi dulu sebelum dijual (DSN-MUI 04/2000)")
		require.Contains(t, h.post(ordered.path+"/beli", key("buy"), "pemasok", "UD Maju", "dari", "bank").body, "Barang dibeli dari UD Maju")
		require.Contains(t, h.post(ordered.path+"/akad", key("sell")).body, "Akad ditandatangani")
		require.Equal(t, http.StatusUnprocessableEntity, h.post(ordered.path+"/batal", key("late")).status)

		contract := h.contract("K001", id)
		first := must(contract.Terms.Schedule()).Rows[0].Amount
		require.Contains(t, h.post(ordered.path+"/angsuran", key("pay1"), "jumlah", plain(first), "dari", "tunai").body, "dicatat. Sisa kewajiban")
		require.Contains(t, h.post(ordered.path+"/angsuran", key("pay2"), "jumlah", plain(first), "dari", "simpanan").body, "dari simpanan sukarela dicatat")
		require.Equal(t, idr(2_750_000).Sub(first), h.balance("K001", number, voluntary))

		quote := must(h.contract("K001", id).Quote(h.app.today()))
		require.Equal(t, http.StatusConflict, h.post(ordered.path+"/pelunasan", key("stale"), "jumlah", plain(quote.Pays.Add(idr(1)))).status)
		settled := h.post(ordered.path+"/pelunasan", key("settle"), "jumlah", plain(quote.Pays))
		require.Contains(t, settled.body, "Akad lunas dipercepat")
		require.Equal(t, "settled", h.text("SELECT state FROM app_order WHERE coop = 'K001' AND id = '"+id+"'"))
		require.Equal(t, murabahah.Settled, h.contract("K001", id).State)
		require.Contains(t, h.get(joined.path+"/tabungan/sukarela?sejak=awal").body, plain(idr(2_750_000).Sub(first)))
		h.sound()
	})
}

// TestCancelledAndFounded are the two other ways: an order given up, and a new
// cooperative with its first member.
func TestCancelledAndFounded(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		ordered := h.order("K001", "B02", "M0003", 0, key("order"))
		require.Contains(t, h.post(ordered.path+"/batal", key("cancel")).body, "Pesanan dibatalkan.")
		founded := h.post("/kantor", key("found"), "nama", "KSPPS Baru", "tempat", "Kalibening")
		require.Equal(t, "/koperasi/K002", founded.path)
		require.Contains(t, founded.body, "KSPPS Baru terdaftar dan pembukuannya dibuka.")
		require.NotContains(t, h.get("/koperasi/K001?bukti="+key("found")).body, "KSPPS Baru terdaftar", "another page")
		again := h.post("/kantor", key("found"), "nama", "KSPPS Baru", "tempat", "Kalibening")
		require.True(t, again.replayed)
		require.Equal(t, "/koperasi/K002", again.path)
		require.Equal(t, http.StatusOK, h.post("/koperasi/K002/daftar", key("join"), "nama", "Budi Hartono", "nik", nik(1)).status)
		require.Equal(t, "1", h.text("SELECT members FROM app_coop WHERE id = 'K002'"))
		h.sound()
	})
}

// TestAkadAfterWaiting closes an akad for which the goods took longer than the
// first payment's term: its days are those of an akad of that day, its price
// the one that was ordered.
func TestAkadAfterWaiting(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		for months, due := range map[int]func(ledger.Date) ledger.Date{
			0:  func(akad ledger.Date) ledger.Date { return akad.AddDays(cashDays) },
			12: func(akad ledger.Date) ledger.Date { return akad.AddMonths(1) },
		} {
			k := fmt.Sprint(months)
			h.app.clock = still
			ordered := h.order("K001", "B01", "M0001", months, key("order"+k))
			require.Equal(t, http.StatusOK, h.post(ordered.path+"/beli", key("buy"+k), "pemasok", "UD Maju", "dari", "bank").status)
			id := strings.TrimPrefix(ordered.path, "/koperasi/K001/pesanan/")
			price := h.contract("K001", id).Terms.SalePrice()

			h.app.clock = func() time.Time { return noon.AddDate(0, 0, 45) }
			require.Contains(t, h.post(ordered.path+"/akad", key("sell"+k)).body, "Akad ditandatangani")
			sold := h.contract("K001", id)
			require.Equal(t, price, sold.Terms.SalePrice())
			require.Equal(t, due(h.app.today()), must(sold.Terms.Schedule()).Rows[0].Due)
		}
		h.sound()
	})
}

// TestDayOfARequest is the day in Indonesia's west, wherever the server stands.
func TestDayOfARequest(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	for at, want := range map[string]ledger.Date{
		"2026-11-30T16:59:59Z": ledger.On(2026, time.November, 30), "2026-11-30T17:00:00Z": ledger.On(2026, time.December, 1), "2026-11-30T23:30:00-05:00": ledger.On(2026, time.December, 1),
	} {
		moment := must(time.Parse(time.RFC3339, at))
		h.app.clock = func() time.Time { return moment }
		require.Equal(t, want, h.app.today(), at)
		h.post("/koperasi/K001/anggota/M0001/setoran", key(strings.ReplaceAll(at, ":", "")), "produk", wajib, "jumlah", "20.000")
		require.Contains(t, h.get("/koperasi/K001/anggota/M0001/tabungan/WAJIB?sejak="+want.String()).body, `<th scope="row">`+shortDate(want)+`</th><td>Setoran tunai`, at)
	}
	h.sound()
}

// TestRepeated sends every kind of request twice, and once more with another
// content.
func TestRepeated(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		order := ""
		for _, step := range []struct {
			name, path    string
			fields, other []string
		}{
			{"join", "/koperasi/K001/daftar", []string{"nama", "Siti Aminah", "nik", nik(1)}, []string{"nama", "Siti Aminah binti Umar", "nik", nik(1)}},
			{"deposit", "/koperasi/K001/anggota/M0001/setoran", []string{"produk", voluntary, "jumlah", "75.000"}, []string{"produk", voluntary, "jumlah", "76.000"}},
			{"dues", "/koperasi/K001/anggota/M0001/setoran", []string{"produk", wajib, "jumlah", "20.000"}, []string{"produk", voluntary, "jumlah", "20.000"}},
			{"withdraw", "/koperasi/K001/anggota/M0001/penarikan", []string{"jumlah", "1.000"}, []string{"jumlah", "2.000"}},
			{"order", "/koperasi/K001/barang/B01/pesan", h.ordering("K001", "B01", "M0001", 6), h.ordering("K001", "B01", "M0001", 12)},
			{"buy", "ORDER/beli", []string{"pemasok", "UD Maju", "dari", "bank"}, []string{"pemasok", "UD Maju", "dari", "kas"}},
			{"sell", "ORDER/akad", nil, nil},
			{"pay", "ORDER/angsuran", []string{"jumlah", "10.000", "dari", "tunai"}, []string{"jumlah", "10.000", "dari", "simpanan"}},
		} {
			path := strings.Replace(step.path, "ORDER", order, 1)
			first := h.post(path, key(step.name), step.fields...)
			require.Equal(t, http.StatusOK, first.status, step.name)
			require.False(t, first.replayed, step.name)
			if step.name == "order" {
				order = first.path
			}
			head := h.head("K001")
			again := h.post(path, key(step.name), step.fields...)
			require.Equal(t, http.StatusOK, again.status, step.name)
			require.True(t, again.replayed, step.name)
			require.Equal(t, first.path, again.path, step.name)
			require.Contains(t, again.body, "Sudah tercatat sebelumnya", step.name)
			if step.other != nil {
				conflict := h.post(path, key(step.name), step.other...)
				require.Equal(t, http.StatusConflict, conflict.status, step.name)
				require.Contains(t, conflict.body, "Formulir ini sudah dipakai", step.name)
			}
			elsewhere := h.post("/koperasi/K001/anggota/M0002/setoran", key(step.name), "produk", voluntary, "jumlah", "33.000")
			require.Equal(t, http.StatusConflict, elsewhere.status, "%s: the key for another action", step.name)
			require.Equal(t, head, h.head("K001"), step.name)
		}
		h.sound()
	})
}

// TestKeyInTheHeader is how programs send the key.
func TestKeyInTheHeader(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	for n := range 2 {
		request := must(http.NewRequest(http.MethodPost, h.url+"/koperasi/K001/anggota/M0001/setoran", strings.NewReader("produk=SUKARELA&jumlah=50000")))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Idempotency-Key", "0123456789abcdef")
		response, err := http.DefaultTransport.RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusSeeOther, response.StatusCode)
		require.Equal(t, n == 1, response.Header.Get("Idempotent-Replayed") == "true")
	}
	h.sound()
}

// TestRefusalLeavesNothing: what is refused changes neither our rows nor the
// books, and its key is free for the corrected form.
func TestRefusalLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		before, rows := h.head("K001"), h.rows()
		const withdraw = "/koperasi/K001/anggota/M0001/penarikan"
		refused := h.post(withdraw, key("k"), "jumlah", "999.999.999")
		require.Equal(t, http.StatusUnprocessableEntity, refused.status)
		require.Contains(t, refused.body, "Saldo tidak cukup. Diminta Rp\u00a0999.999.999")
		require.Contains(t, refused.body, "withdraw.min_balance")
		require.Equal(t, http.StatusNotFound, h.post("/koperasi/K001/anggota/M9999/setoran", key("k"), "produk", voluntary, "jumlah", "1000").status)
		require.Equal(t, http.StatusNotFound, h.post("/koperasi/K999/anggota/M0001/setoran", key("k"), "produk", voluntary, "jumlah", "1000").status)
		require.Equal(t, http.StatusNotFound, h.post("/koperasi/K001/barang/B99/pesan", key("k"), "anggota", "M0001", "bulan", "3", "harga-3", "1.000").status)
		require.Equal(t, http.StatusNotFound, h.post("/koperasi/K001/barang/B01/pesan", key("k"), "anggota", "M0001", "bulan", "7", "harga-7", "1.000").status)
		for _, wrong := range []string{"", "abc", "-5", "0", "100.00", "1,5", "99999999999999999999", strings.Repeat("9", 2000)} {
			r := h.post(withdraw, key("k"), "jumlah", wrong)
			require.Equal(t, http.StatusBadRequest, r.status, wrong)
			require.Contains(t, r.body, "Jumlah penarikan", wrong)
		}
		require.Equal(t, http.StatusBadRequest, h.post(withdraw, "short", "jumlah", "1.000").status)
		require.Equal(t, http.StatusBadRequest, h.post(withdraw, key("k"), "jumlah", strings.Repeat("1", maxBody)).status)
		require.Equal(t, before, h.head("K001"))
		require.Equal(t, rows, h.rows())
		require.Equal(t, http.StatusOK, h.post(withdraw, key("k"), "jumlah", "1.000").status)
		h.sound()
	})
}

// rows counts everything in our tables.
func (h *hosted) rows() string {
	h.Helper()
	all := ""
	for _, table := range []string{"app_coop", "app_result", "app_member", "app_identity", "app_goods", "app_plan", "app_order", "app_request"} {
		all += table + " " + h.text("SELECT count(*) FROM "+table) + "\n"
	}
	return all + h.text("SELECT requests || ' ' || savings || ' ' || financing FROM app_coop WHERE id = 'K001'")
}

// TestInactive refuses business with a cooperative that has none.
func TestInactive(t *testing.T) {
	h := host(t, sqliteFiles, 12)
	id := h.text("SELECT min(id) FROM app_coop WHERE status = 'inactive'")
	r := h.post("/koperasi/"+id+"/anggota/M0001/setoran", key("k"), "produk", voluntary, "jumlah", "50.000")
	require.Equal(t, http.StatusUnprocessableEntity, r.status)
	require.Contains(t, r.body, "tidak aktif")
}

// TestHostRollsBack: an error of the application after the books were written
// takes the books back with it.
func TestHostRollsBack(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		before, rows := h.head("K001"), h.rows()
		asked := request{Coop: "K001", Key: key("k"), Action: "deposit"}
		own := errors.New("the printer is out of paper")
		for _, fault := range []func(){func() {}, func() { panic(own) }} {
			carry := func() (err error) {
				defer func() {
					if recover() != nil {
						err = own
					}
				}()
				_, err = h.app.carryOut(t.Context(), asked, func(j *job) (answer, error) {
					if _, err := j.deposit("M0001", voluntary, idr(100_000)); err != nil {
						return answer{}, err
					}
					if _, err := j.join(member{Name: "Siti Aminah"}, nik(1)); err != nil {
						return answer{}, err
					}
					if must(j.book.Head(j.ctx)).Change <= before.Change {
						return answer{}, errors.New("nothing was written")
					}
					fault()
					return answer{}, own
				})
				return err
			}
			require.ErrorIs(t, carry(), own)
			require.Equal(t, before, h.head("K001"))
			require.Equal(t, rows, h.rows())
		}
		h.sound()
	})
}

// TestAtOnce sends many requests at once, each of them three times, to two
// cooperatives.
func TestAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 2)
		h.exec("UPDATE app_coop SET status = 'active'")
		const each, times = 16, 3
		before := [...]ledger.Money{h.balance("K001", "M0001", voluntary), h.balance("K002", "M0001", voluntary)}
		var group sync.WaitGroup
		failed := make(chan string, 2*each*times)
		for coop := range before {
			for n := range each {
				for range times {
					group.Go(func() {
						path := fmt.Sprintf("%s/koperasi/%s/anggota/M0001/setoran", h.url, coopID(coop+1))
						form := formOf(key(fmt.Sprint("n", n)), "produk", voluntary, "jumlah", "1.000")
						if n%4 == 3 {
							path = fmt.Sprintf("%s/koperasi/%s/daftar", h.url, coopID(coop+1))
							form = formOf(key(fmt.Sprint("n", n)), "nama", fmt.Sprint("Anggota ", n), "nik", nik(n))
						}
						if r, err := send(t.Context(), http.MethodPost, path, form); err != nil || r.status != http.StatusOK {
							failed <- fmt.Sprint(path, " ", r.status, " ", err, r.body)
						}
					})
				}
			}
		}
		group.Wait()
		close(failed)
		for failure := range failed {
			t.Error(failure)
		}
		for coop, was := range before {
			require.Equal(t, was.Add(idr(1_000*each*3/4)), h.balance(coopID(coop+1), "M0001", voluntary), coopID(coop+1))
			require.Equal(t, fmt.Sprint(each), h.text("SELECT count(*) FROM app_request WHERE coop = '"+coopID(coop+1)+"'"))
		}
		h.sound()
	})
}

func (h *hosted) exec(statement string) {
	h.Helper()
	_, err := h.app.db.Exec(statement)
	require.NoError(h, err)
}

func (h *hosted) contract(coop, id string) murabahah.Contract {
	h.Helper()
	book, err := ledger.Open(h.Context(), h.app.store, bookConfig(coop, still))
	require.NoError(h, err)
	contract, err := murabahah.NewDesk(book, contractAccounts).Contract(h.Context(), id)
	require.NoError(h, err)
	return contract
}

func must[V any](value V, err error) V {
	if err != nil {
		panic(err)
	}
	return value
}
