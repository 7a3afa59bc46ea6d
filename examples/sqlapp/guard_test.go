package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// TestOtherSites: a page of another site cannot send our forms.
func TestOtherSites(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	before := h.head("K001")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://lain.example"} {
		request := must(http.NewRequest(http.MethodPost, h.url+"/koperasi/K001/anggota/M0001/setoran",
			strings.NewReader(formOf(key("k"), "produk", voluntary, "jumlah", "50.000").Encode())))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set(name, value)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusForbidden, response.StatusCode, name)
	}
	require.Equal(t, before, h.head("K001"))
}

// TestHeaders are on every answer, also on those of errors.
func TestHeaders(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	for _, path := range []string{"/", "/kantor", "/tidak-ada", "/static/style.css"} {
		response, err := http.Get(h.url + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"), path)
	}
	for address, want := range map[string]string{ // a GET never writes, and leads to the form's page
		"/koperasi/K001/anggota/M0001/setoran": "/koperasi/K001/anggota/M0001", "/koperasi/K001/barang/B01/pesan": "/koperasi/K001/barang/B01",
		"/koperasi/K001/pesanan/MRB-00001/batal": "/koperasi/K001/pesanan/MRB-00001", "/koperasi/a%2Fb/pesanan/x/batal": "/koperasi/a%2Fb/pesanan/x",
	} {
		response, err := http.DefaultTransport.RoundTrip(must(http.NewRequest(http.MethodGet, h.url+address, nil)))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusSeeOther, response.StatusCode, address)
		require.Equal(t, want, response.Header.Get("Location"))
	}
}

// TestStrangeAddresses are the sender's fault, never ours.
func TestStrangeAddresses(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		h := host(t, e, 1)
		for path, want := range map[string]int{
			"/koperasi/%00": http.StatusBadRequest, "/koperasi/%ff": http.StatusBadRequest, "/koperasi/K001?setelah=%ff": http.StatusBadRequest,
			"/koperasi/K001?bukti=%00": http.StatusBadRequest, "/kantor?cari=%fe": http.StatusBadRequest,
			"/koperasi/K001?bukti='--": http.StatusOK, "/koperasi/'%20OR%201=1": http.StatusNotFound, "/koperasi/K001/pesanan/MRB-99999": http.StatusNotFound,
			"/koperasi/K001/anggota/M0001/tabungan/EMAS": http.StatusNotFound, "/static/": http.StatusNotFound, "/kantor?hal=-1&urut=x&status=y": http.StatusOK,
			"/koperasi/K001/anggota/M0001/tabungan/pokok?sejak=9999-12-31": http.StatusOK, "/koperasi/" + strings.Repeat("x", 5000): http.StatusNotFound,
		} {
			require.Equal(t, want, h.get(path).status, "%.80s", path)
		}
		for field, value := range map[string]string{"nama": "\xff\xfe\xff", "telepon": "a\x00b", "nama ": "Siti\u202eAminah", " nama": "Si\u200bti"} {
			fields := map[string]string{"nama": "Siti Aminah", "telepon": "1"}
			fields[strings.TrimSpace(field)] = value
			require.Equal(t, http.StatusBadRequest, h.post("/koperasi/K001/daftar", key("k"), "nama", fields["nama"], "nik", nik(1), "telepon", fields["telepon"]).status, field)
		}
		require.Equal(t, http.StatusNotFound, h.post("/koperasi/K001/pesanan/MRB-99999/akad", key("k")).status)
		for _, huge := range []string{"100.000.000.001", "92.233.720.368.547.757", strings.Repeat("9", 60)} {
			require.Equal(t, http.StatusBadRequest, h.post("/koperasi/K001/anggota/M0001/setoran", key("k"), "produk", voluntary, "jumlah", huge).status, huge)
		}
		h.sound()
	})
}

// TestErrorsInWords: what the application does not know is not shown raw, and
// what may have been carried out is offered once more under its key.
func TestErrorsInWords(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		resend bool
	}{
		{&sqlledger.CommitError{Err: errors.New("secret")}, http.StatusServiceUnavailable, true},
		{&sqlledger.StoreError{Err: errors.New("secret")}, http.StatusServiceUnavailable, true},
		{fmt.Errorf("secret: %w", sqlledger.ErrBoundLock), http.StatusServiceUnavailable, true},
		{context.DeadlineExceeded, http.StatusServiceUnavailable, true},
		{errors.New("secret"), http.StatusInternalServerError, false},
		{&ledger.Refusal{Code: "secret_new"}, http.StatusUnprocessableEntity, false},
		{errInactive, http.StatusUnprocessableEntity, false},
	} {
		h := host(t, sqliteFiles, 0)
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/koperasi/K001/daftar", strings.NewReader(url.Values{"kunci": {key("k")}, "nama": {`"><script>`}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", "http://example.com/koperasi/K001/daftar")
		require.NoError(t, r.ParseForm())
		h.app.fail(w, r, test.err)
		require.Equal(t, test.status, w.Code, "%v", test.err)
		if !strings.Contains(w.Body.String(), "secret_new") {
			require.NotContains(t, w.Body.String(), "secret")
		}
		require.NotContains(t, w.Body.String(), "<script>")
		require.Equal(t, test.resend, strings.Contains(w.Body.String(), key("k")), "%v", test.err)
		require.Contains(t, w.Body.String(), `href="/koperasi/K001/daftar"`)
	}
}

// TestNoDatabase: a page that cannot be read says so, and asks for nothing.
func TestNoDatabase(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	require.NoError(t, h.app.db.Close())
	page := h.get("/koperasi/K001")
	require.Equal(t, http.StatusServiceUnavailable, page.status)
	require.Contains(t, page.body, "Muat ulang halaman ini sebentar lagi.")
	require.NotContains(t, page.body, "tombol")
}

// TestCameFrom never leads away.
func TestCameFrom(t *testing.T) {
	for referer, want := range map[string]string{
		"http://example.com/kantor": "/kantor", "https://evil.example/x": "/", "": "/", "http://example.com//evil.example": "/",
		"javascript:alert(1)": "/", "%%": "/",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Referer", referer)
		require.Equal(t, want, cameFrom(r), referer)
	}
}

// TestPanic is answered with a page, and logged.
func TestPanic(t *testing.T) {
	h := host(t, sqliteFiles, 0)
	w := httptest.NewRecorder()
	h.app.guarded(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret") })).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.Contains(t, w.Body.String(), "Ada gangguan")
	require.NotContains(t, w.Body.String(), "secret")
}

// TestPassbookPages lists every line once, page after page.
func TestPassbookPages(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	for n := range 2*passbookRows + 3 {
		require.Equal(t, http.StatusOK, h.post("/koperasi/K001/anggota/M0001/setoran", key(fmt.Sprint(n)), "produk", wajib, "jumlah", fmt.Sprint(20_001+n)).status)
	}
	path := "/koperasi/K001/anggota/M0001/tabungan/WAJIB?sejak=2026-11-23"
	seen, pages := "", 0
	for path != "" {
		body := h.get(path).body
		seen, pages = seen+body, pages+1
		_, rest, more := strings.Cut(body, `class="next" href="`)
		path, _, _ = strings.Cut(rest, `"`)
		path = strings.ReplaceAll(path, "&amp;", "&")
		require.Equal(t, more, path != "")
	}
	require.Equal(t, 3, pages)
	for n := range 2*passbookRows + 3 {
		require.Equal(t, 1, strings.Count(seen, `plus">`+plain(idr(int64(20_001+n)))+"<"), n)
	}
	for _, wrong := range []string{"x", "2026-11-23.1.1.1", "2026-11-23.-1.1.1.1", "2026-13-23.1.1.1.1", "2026-11-23.1.1.1.1"} {
		require.Equal(t, http.StatusOK, h.get("/koperasi/K001/anggota/M0001/tabungan/WAJIB?setelah="+wrong).status, wrong)
	}
	mark := report.Mark{Cursor: ledger.LineCursor{Date: ledger.On(2026, 11, 23), Entry: 7, Line: 2}, Balance: idr(5), Line: 3}
	read, ok := readMark(writeMark(mark))
	require.True(t, ok)
	require.Equal(t, mark, read)
}

// TestPrinted are the library's own reports.
func TestPrinted(t *testing.T) {
	h := host(t, sqliteFiles, 1)
	deposit := h.post("/koperasi/K001/anggota/M0001/setoran", key("deposit"), "produk", voluntary, "jumlah", "50.000")
	require.Contains(t, deposit.body, "Bukti BKT-000001")
	passbook := h.get("/koperasi/K001/anggota/M0001/tabungan/sukarela/cetak")
	require.Contains(t, passbook.body, ">BKT-000001<", "the number on the receipt")
	require.NotContains(t, passbook.body, key("deposit"))
	require.Equal(t, http.StatusOK, passbook.status)
	require.Contains(t, passbook.body, "BUKU TABUNGAN")
	require.Contains(t, passbook.body, "Fitri Irawan")
	card := h.get("/koperasi/K001/pesanan/MRB-00001/cetak")
	require.Contains(t, card.body, "KARTU ANGSURAN")
	for _, body := range []string{passbook.body, card.body} {
		require.Contains(t, body, h.head("K001").Digest.String(), "the anchor")
	}
	require.Equal(t, http.StatusNotFound, h.get("/koperasi/K001/pesanan/MRB-99999/cetak").status)
	require.Equal(t, http.StatusNotFound, h.get("/koperasi/K001/anggota/M0001/tabungan/emas/cetak").status)
}

// TestOffice looks for, selects and orders cooperatives.
func TestOffice(t *testing.T) {
	h := host(t, sqliteFiles, 12)
	for n := range 18 {
		h.exec(fmt.Sprintf(`INSERT INTO app_coop (id, name, place, status, since, requests, last_member, last_order, members, savings, financing)
VALUES ('X%d', 'Koperasi Uji %d', 'Kalibening', 'inactive', '2001', 0, 0, 0, 5, %d, 0)`, n, n, 100*n))
	}
	first := h.get("/kantor").body
	require.Contains(t, first, "30 koperasi, halaman 1 dari 2")
	require.Contains(t, h.get("/kantor?hal=2").body, "halaman 2 dari 2")
	require.Contains(t, h.get("/kantor?hal=99").body, "halaman 2 dari 2")
	inactive := h.text("SELECT count(*) FROM app_coop WHERE status = 'inactive'")
	require.Contains(t, h.get("/kantor?status=tidak").body, "<p class=\"count\">"+inactive+" koperasi")
	require.Contains(t, h.get("/kantor?cari=melati+jaya").body, "KSPPS Melati Jaya")
	require.Contains(t, h.get("/kantor?cari=%3Cscript%3E").body, "Tidak ada koperasi yang cocok")
	largest := h.text("SELECT name FROM app_coop ORDER BY savings DESC LIMIT 1")
	_, table, _ := strings.Cut(h.get("/kantor?urut=simpanan").body, "<tbody>")
	_, row, _ := strings.Cut(table, "<a href=")
	_, row, _ = strings.Cut(row, ">")
	require.True(t, strings.HasPrefix(row, largest+"<"), "%s: %.60s", largest, row)
}

// TestRefusalsAreTheLibrarys keeps the table of texts to codes that there are.
func TestRefusalsAreTheLibrarys(t *testing.T) {
	var source strings.Builder
	for _, folder := range []string{"ledger", "ledger/savings", "murabahah"} {
		names := must(filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(folder), "*.go")))
		require.NotEmpty(t, names)
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				source.Write(must(os.ReadFile(name)))
			}
		}
	}
	for code := range refusals {
		if _, ours := kindCodes[code]; !ours {
			if !strings.Contains(source.String(), `"`+code+`"`) {
				t.Errorf("%s is no code of the library", code)
			}
		}
	}
	for code := range kindCodes {
		require.Contains(t, refusals, code)
	}
}
