package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestRefusedFormsAreShownAgain with what was typed into them, and with the
// wrong field marked.
func TestRefusedFormsAreShownAgain(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	const member = "/koperasi/K001/anggota/M0001"
	ordered := h.order("K001", "B01", "M0001", 6, key("order")).path
	sold := orderPath("K001", h.text("SELECT id FROM app_order WHERE coop = 'K001' AND state = 'sold' ORDER BY id LIMIT 1"))
	for _, test := range []struct {
		path   string
		fields []string
		status int
		shown  []string // of the page
	}{
		{
			"/koperasi/K001/daftar", []string{"nama", `Siti "A" <i>`, "nik", "12", "telepon", "0800"}, http.StatusBadRequest,
			[]string{"<h1>Menjadi anggota", `value="Siti &#34;A&#34; &lt;i&gt;"`, `value="12" aria-invalid="true"`, `value="0800"`},
		},
		{member + "/setoran", []string{"produk", wajib, "jumlah", "1e9"}, http.StatusBadRequest, []string{`"WAJIB" selected`, `value="1e9" aria-invalid="true"`}},
		{member + "/penarikan", []string{"jumlah", "900.000.000"}, http.StatusUnprocessableEntity, []string{`value="900.000.000" >`, "Saldo tidak cukup", "Jumlah simpanan"}},
		{
			"/koperasi/K001/barang/B01/pesan", []string{"anggota", "M0999", "bulan", "18", "harga-18", "1.000"}, http.StatusBadRequest,
			[]string{`value="18" required checked`, `value="M0999" aria-invalid="true"`, "Nomor anggota M0999 tidak ada di koperasi ini."},
		},
		{"/koperasi/K001/barang/B01/pesan", []string{"anggota", "M0001"}, http.StatusBadRequest, []string{`value="0" required checked`, "Cara bayar harus dipilih."}},
		{ordered + "/beli", []string{"pemasok", "X", "dari", "kas"}, http.StatusBadRequest, []string{`value="X" aria-invalid="true"`, `value="kas" required checked`}},
		{sold + "/angsuran", []string{"jumlah", "99.000.000.000", "dari", "simpanan"}, http.StatusUnprocessableEntity, []string{`value="99.000.000.000"`, `value="simpanan" required checked`}},
		{sold + "/pelunasan", []string{"jumlah", "5"}, http.StatusConflict, []string{"Jumlahnya berubah", "Lunasi hari ini"}},
		{"/kantor", []string{"nama", "abc", "tempat", "Kalibening"}, http.StatusBadRequest, []string{`<details class="panel" open`, `value="abc" aria-invalid="true"`, `value="Kalibening" >`}},
	} {
		r := h.post(test.path, key("k"), test.fields...)
		require.Equal(t, test.status, r.status, test.path)
		for _, shown := range append(test.shown, `id="salah" role="alert"`) {
			require.Contains(t, r.body, shown, test.path)
		}
		require.Equal(t, 1, strings.Count(r.body, `id="salah"`))
		require.LessOrEqual(t, strings.Count(r.body, `aria-invalid="true"`), 1, test.path)
		require.NotContains(t, r.body, key("k"), "the form has a key of its own")
		require.NotContains(t, h.get(strings.TrimSuffix(r.path, "/setoran")).body, `id="salah"`)
	}
	require.Equal(t, "1", h.text("SELECT count(*) FROM app_request"), "the order alone")
	missing := h.post(member+"/setoran", "", "produk", wajib, "jumlah", "20.000")
	require.Contains(t, missing.body, "Formulir ini tidak lengkap")
	require.Contains(t, missing.body, `value="20.000"`)
	require.Equal(t, http.StatusNotFound, h.post("/koperasi/K001/anggota/M9999/setoran", key("k"), "produk", wajib, "jumlah", "x").status, "there is no page to show again")
	h.sound()
}

// TestAmounts are read as people write them, and never guessed.
func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{
		"100000": 100_000, "100.000": 100_000, "Rp 100.000": 100_000, "Rp. 100.000,-": 100_000, "rp100.000,00": 100_000, " 100.000 ": 100_000,
		"Rp\u00a01.250.000": 1_250_000, "00005": 5,
		"": 0, "Rp": 0, "-5": 0, "0": 0, "100.00": 0, "1.00": 0, "10.00.0": 0, "1,000": 0, "1.000,50": 0, "1,5": 0, "1e9": 0, "0x10": 0, "１００": 0, "٣٠٠٠": 0,
		"+5000": 0, "5000-": 0, "100 000": 0, "1_000": 0, "5000\n6000": 0, "5,-,-": 0, "100.000.000.001": 0, strings.Repeat("9", 2_000): 0,
	} {
		f := &form{r: &http.Request{PostForm: url.Values{"jumlah": {text}}}, content: ledger.NewContent("request")}
		amount := f.amount("jumlah", "Jumlah")
		require.Equal(t, want == 0, f.err != nil, "%q: %v", text, f.err)
		if want != 0 {
			require.Equal(t, idr(want), amount, text)
		}
	}
}

// TestFieldTwice says two things, and neither is done.
func TestFieldTwice(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	before := h.head("K001")
	for _, field := range []string{"kunci", "produk", "jumlah"} {
		form := formOf(key("k"), "produk", voluntary, "jumlah", "50.000")
		form.Add(field, form.Get(field))
		r, err := send(t.Context(), http.MethodPost, h.url+"/koperasi/K001/anggota/M0001/setoran", form)
		require.NoError(t, err)
		require.Equal(t, http.StatusBadRequest, r.status, field)
	}
	require.Equal(t, before, h.head("K001"))
}

// TestOnePersonOneMember: the number of an identity card enters a cooperative
// once, however it is spelled and however many ask at once; who is refused
// leaves nothing in our rows or in the book.
func TestOnePersonOneMember(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 2)
		h.exec("UPDATE app_coop SET status = 'active'")
		members := h.text("SELECT count(*) FROM app_member")
		const nik = "3374011234560001"
		var group sync.WaitGroup
		statuses := make(chan int, 8)
		for n := range cap(statuses) {
			group.Go(func() {
				r, err := send(t.Context(), http.MethodPost, h.url+"/koperasi/K001/daftar", formOf(key(fmt.Sprint("n", n)), "nama", "Siti Aminah", "nik", nik))
				if err == nil {
					statuses <- r.status
				}
			})
		}
		group.Wait()
		close(statuses)
		count := make(map[int]int)
		for status := range statuses {
			count[status]++
		}
		require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusBadRequest: cap(statuses) - 1}, count)

		before, rows := h.head("K001"), h.rows()
		again := h.post("/koperasi/K001/daftar", key("again"), "nama", "Siti A.", "nik", "33.7401.123456.0001")
		require.Contains(t, again.body, "Pemilik NIK ini sudah menjadi anggota koperasi ini.")
		require.NotContains(t, again.body, "M00", "whose it is, is not told")
		require.Equal(t, before, h.head("K001"))
		require.Equal(t, rows, h.rows())
		require.Equal(t, http.StatusOK, h.post("/koperasi/K002/daftar", key("other"), "nama", "Siti Aminah", "nik", nik).status, "another cooperative")
		for _, wrong := range []string{"", "337401123456000", "33740112345600011", "337401123456000X", "３３７４０１１２３４５６０００１"} {
			require.Equal(t, http.StatusBadRequest, h.post("/koperasi/K001/daftar", key("wrong"), "nama", "Siti Aminah", "nik", wrong).status, wrong)
		}
		var was, is int
		_, err := fmt.Sscan(members+" "+h.text("SELECT count(*) FROM app_member"), &was, &is)
		require.NoError(t, err)
		require.Equal(t, was+2, is)
		h.sound()
	})
}

// TestPriceThatWasShown: nobody orders at a price that they have not seen.
func TestPriceThatWasShown(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	old, before := h.ordering("K001", "B01", "M0001", 6), h.rows()
	h.exec("UPDATE app_goods SET cost = cost + 5000000 WHERE coop = 'K001' AND id = 'B01'")
	moved := h.post("/koperasi/K001/barang/B01/pesan", key("order"), old...)
	require.Equal(t, http.StatusConflict, moved.status)
	require.Contains(t, moved.body, "Harga barang ini sudah berbeda dari yang tampil.")
	now := h.ordering("K001", "B01", "M0001", 6)
	require.NotEqual(t, old, now)
	require.Contains(t, moved.body, `name="harga-6" value="`+now[5]+`"`, "the price of now")
	require.Contains(t, moved.body, `value="6" required checked`)
	require.Equal(t, before, h.rows())
	require.Equal(t, http.StatusBadRequest, h.post("/koperasi/K001/barang/B01/pesan", key("order"), "anggota", "M0001", "bulan", "6").status)
	require.Equal(t, http.StatusOK, h.order("K001", "B01", "M0001", 6, key("order")).status)
	h.sound()
}

// TestCancelAfterPurchase is refused, also from a page that is older than the
// purchase.
func TestCancelAfterPurchase(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	ordered := h.order("K001", "B01", "M0001", 6, key("order")).path
	require.Equal(t, http.StatusOK, h.post(ordered+"/beli", key("buy"), "pemasok", "UD Maju", "dari", "bank").status)
	late := h.post(ordered+"/batal", key("cancel"))
	require.Equal(t, http.StatusUnprocessableEntity, late.status)
	require.Contains(t, late.body, "Barangnya sudah dibeli koperasi")
	require.Contains(t, late.body, "Catat akad", "what can be done instead")
	h.sound()
}

// TestFullLists say that they do not show everything.
func TestFullLists(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	const office, member = "pesanan yang paling lama menunggu", "pesanan terbaru"
	require.NotContains(t, h.get("/koperasi/K001").body, office)
	require.NotContains(t, h.get("/koperasi/K001/anggota/M0001").body, member)
	for n := range listedOrders {
		require.Equal(t, http.StatusOK, h.order("K001", "B01", "M0001", 6, key(fmt.Sprint(n))).status)
	}
	require.Contains(t, h.get("/koperasi/K001").body, office)
	require.Contains(t, h.get("/koperasi/K001/anggota/M0001").body, member)
	require.Contains(t, h.get("/koperasi/K001/anggota/M0001").body, h.text("SELECT max(id) FROM app_order"), "the newest")
	h.sound()
}

// TestMoneyThatIsThere: what neither the bank nor the teller has is not paid
// out, and the page says which of them lacks it.
func TestMoneyThatIsThere(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		dear := idr(9_000_000_000)
		h.exec(fmt.Sprintf("UPDATE app_goods SET cost = %d WHERE coop = 'K001' AND id = 'B01'", dear.Minor()))
		ordered := h.order("K001", "B01", "M0001", 12, key("order")).path
		before := h.head("K001")
		for from, place := range map[string]string{"bank": "giro bank", "kas": "kas teller"} {
			r := h.post(ordered+"/beli", key("buy"), "pemasok", "UD Maju", "dari", from)
			require.Equal(t, http.StatusUnprocessableEntity, r.status)
			require.Contains(t, r.body, "Uang di "+place+" koperasi tidak cukup untuk "+rupiah(dear)+".")
		}
		require.Equal(t, before, h.head("K001"))
		require.Equal(t, http.StatusOK, h.post("/koperasi/K001/anggota/M0001/setoran", key("deposit"), "produk", voluntary, "jumlah", plain(dear)).status)
		require.Equal(t, http.StatusOK, h.post(ordered+"/beli", key("buy"), "pemasok", "UD Maju", "dari", "kas").status)
		short := h.post("/koperasi/K001/anggota/M0001/penarikan", key("withdraw"), "jumlah", plain(dear))
		require.Contains(t, short.body, "Uang di kas teller koperasi tidak cukup", "the member has it, the counter has not")
		h.sound()
	})
}

// TestMembersFound by a part of a name, or the number.
func TestMembersFound(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		h.exec("UPDATE app_member SET name = '100% Halal_Budi' WHERE coop = 'K001' AND number = 'M0044'")
		for search, want := range map[string]string{"hAlal": "M0044", "m0031": "M0031", "100%": "M0044", "L_b": "M0044"} {
			_, list, _ := strings.Cut(h.get("/koperasi/K001?cari="+url.QueryEscape(search)).body, `id="anggota"`)
			require.Contains(t, list, "/anggota/"+want, search)
			require.Equal(t, 1, strings.Count(list, `class="main"`), search)
		}
		for _, search := range []string{"zzz", "%%%", "M003", `\`, "'; DROP TABLE app_member; --"} {
			require.Contains(t, h.get("/koperasi/K001?cari="+url.QueryEscape(search)).body, "Tidak ada anggota yang cocok.", search)
		}
		require.Contains(t, h.get("/koperasi/K001?cari=a").body, "Lebih dari 24 anggota cocok.")
	})
}
