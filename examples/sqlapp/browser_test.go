package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// shots is a folder for pictures of every page: to be looked at, after a
// change of a page or the style.
var shots = flag.String("shots", "", "write pictures of every page into this folder")

// tab is a tab of a headless Chromium.
type tab struct {
	*testing.T
	ctx context.Context
}

// browser starts one. Under CI=true a missing Chromium is a failure.
func browser(t *testing.T) *tab {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && program == "" {
			program = path
		}
	}
	if program == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Chromium")
		}
		t.Skip("there is no Chromium: install the package chromium to see the pages in a real browser")
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()))
	if os.Getuid() == 0 {
		flags = append(flags, chromedp.NoSandbox) // which Chromium demands of root; the pages are our own
	}
	limited, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	allocated, stop := chromedp.NewExecAllocator(limited, flags...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	return &tab{t, ctx}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	require.NoError(b, chromedp.Do(b.ctx, steps...))
}

// of returns what an action finds on the page.
func of[V any](b *tab, find chromedp.Action[V]) V {
	b.Helper()
	value, err := chromedp.Run(b.ctx, find)
	require.NoError(b, err)
	return value
}

// picture writes one of the whole page, if pictures are asked for.
func (b *tab) picture(name string) {
	b.Helper()
	if *shots != "" {
		require.NoError(b, os.WriteFile(filepath.Join(*shots, name+".png"), of(b, chromedp.FullScreenshot(100)), 0o644))
	}
}

// width makes the window of a phone or a desktop.
func width(pixels int64) chromedp.Action[chromedp.Void] { return chromedp.EmulateViewport(pixels, 800) }

// pagesOfExample are all pages, by the name of their picture.
func pagesOfExample(h *hosted) map[string]string {
	sold := h.text("SELECT id FROM app_order WHERE coop = 'K001' AND state = 'sold' ORDER BY months DESC, id LIMIT 1")
	settled := h.text("SELECT id FROM app_order WHERE coop = 'K001' AND state = 'settled' ORDER BY id LIMIT 1")
	inactive := h.text("SELECT id FROM app_coop WHERE status = 'inactive' ORDER BY id LIMIT 1")
	long := h.text("SELECT id FROM app_order WHERE coop = 'K002' AND months = 60")
	buyer := h.text("SELECT member FROM app_order WHERE coop = 'K001' AND id = '" + sold + "'")
	return map[string]string{
		"beranda": "/", "kantor": "/kantor", "kantor-cari": "/kantor?status=tidak&urut=simpanan", "kantor-kosong": "/kantor?cari=tidakada",
		"koperasi": "/koperasi/K001", "koperasi-tidak-aktif": "/koperasi/" + inactive,
		"barang": "/koperasi/K001/barang", "barang-satu": "/koperasi/K001/barang/B01", "daftar": "/koperasi/K001/daftar",
		"anggota": memberPath("K001", buyer), "tabungan": memberPath("K001", buyer) + "/tabungan/SUKARELA?sejak=awal",
		"akad-berjalan": orderPath("K001", sold), "akad-lunas": orderPath("K001", settled), "hilang": "/koperasi/K001/anggota/M9999",
		"panjang": "/koperasi/K002", "panjang-kantor": "/kantor?cari=sumber", "panjang-anggota": memberPath("K002", "M0001"), "panjang-akad": orderPath("K002", long),
		"panjang-tabungan": memberPath("K002", "M0001") + "/tabungan/SUKARELA", "cari": "/koperasi/K001?cari=siti", "anggota-tidak-aktif": memberPath(inactive, "M0001"),
	}
}

// unusual makes what pages must bear: names that are one long word, amounts of
// many digits, and a card of sixty rows.
func unusual(h *hosted) {
	h.Helper()
	h.exec("UPDATE app_coop SET name = '" + strings.Repeat("Sejahtera", 8) + "', place = '" + strings.Repeat("Sumber", 10) + "', savings = 987654321098765400, status = 'active' WHERE id = 'K002'")
	h.exec("UPDATE app_member SET name = '" + strings.Repeat("Wiratmaja", 8) + "', phone = '" + strings.Repeat("0", 20) + "' WHERE coop = 'K002' AND number = 'M0001'")
	h.exec("INSERT INTO app_plan (coop, months, margin) VALUES ('K002', 60, 6000)")
	h.post(memberPath("K002", "M0001")+"/setoran", key("large"), "produk", voluntary, "jumlah", "99.999.999.999")
	ordered := h.order("K002", "B01", "M0001", 60, key("order"))
	h.post(ordered.path+"/beli", key("buy"), "pemasok", "UD Maju", "dari", "bank")
	h.post(ordered.path+"/akad", key("sell"))
	require.Equal(h, http.StatusOK, h.post(ordered.path+"/angsuran", key("pay"), "jumlah", "100.000", "dari", "simpanan").status)
	require.Equal(h, "sold", h.text("SELECT state FROM app_order WHERE coop = 'K002' AND months = 60"))
}

// TestPagesFit opens every page on a phone and on a desktop: nothing reaches
// beyond the edge, and what can be pressed is large enough for a finger.
func TestPagesFit(t *testing.T) {
	h := host(t, sqliteFiles, 12)
	unusual(h)
	b := browser(t)
	for _, path := range []string{"/koperasi/K001/anggota/M0001/tabungan/sukarela/cetak", "/koperasi/K001/pesanan/MRB-00001/cetak"} {
		b.do(width(360), chromedp.Navigate(h.url+path)) // paper: a wide table scrolls in its frame, the page does not
		require.True(t, of(b, chromedp.Evaluate[bool](`document.documentElement.scrollWidth <= document.documentElement.clientWidth`)), path)
		require.Equal(t, "15px", of(b, chromedp.Evaluate[string](`getComputedStyle(document.body).fontSize.replace('13px', '15px')`)), "%s: its style", path)
	}
	for name, path := range pagesOfExample(h) {
		for _, pixels := range []int64{360, 390, 1280} {
			b.do(width(pixels), chromedp.Navigate(h.url+path))
			require.NotEmpty(t, of(b, chromedp.Title()))
			require.Empty(t, of(b, chromedp.Evaluate[[]string](reachingBeyond)), "%s at %d pixels", path, pixels)
			require.Empty(t, of(b, chromedp.Evaluate[[]string](tooSmall)), "%s at %d pixels", path, pixels)
			require.Empty(t, of(b, chromedp.Evaluate[[]string](wrapped)), "%s at %d pixels", path, pixels)
			if pixels != 360 {
				b.picture(fmt.Sprintf("%s-%d", name, pixels))
			}
		}
	}
}

const (
	// reachingBeyond names the elements that are wider than the window.
	reachingBeyond = `(() => {
	const edge = document.documentElement.clientWidth
	const found = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > edge + 1)
		.map(e => e.tagName + '.' + e.className)
	if (document.documentElement.scrollWidth > edge) found.push('the page is ' + document.documentElement.scrollWidth + ' wide')
	return found.slice(0, 5)
})()`
	// tooSmall names what can be pressed and a finger would miss. A link in a
	// sentence is as high as its line; one that reaches over its card is found
	// at the card's foot.
	tooSmall = `[...document.querySelectorAll('button, select, summary, input:not([type=hidden]):not([type=radio]), a:not(.skip)')]
	.filter(e => e.offsetParent && e.getBoundingClientRect().height < 44 && !e.closest('p.hint'))
	.filter(e => {
		const card = e.closest('tr')
		if (!card) return true
		card.scrollIntoView()
		const r = card.getBoundingClientRect()
		return document.elementFromPoint(r.right - 8, r.bottom - 8) !== e
	}).map(e => e.tagName + ' ' + e.textContent.slice(0, 20)).slice(0, 5)`
	// wrapped names amounts that do not stand on one line.
	wrapped = `[...document.querySelectorAll('.figures dd, td.n, .amount, .price, .balance, .working dd, .money > span')].filter(e => {
		const text = document.createRange()
		text.selectNodeContents(e)
		const feet = [...text.getClientRects()].filter(r => r.width).map(r => r.bottom)
		return Math.max(...feet) - Math.min(...feet) > 14
	}).map(e => e.textContent).slice(0, 5)`
)

// TestInTheBrowser walks through a deposit and an order as people do, on a phone.
func TestInTheBrowser(t *testing.T) {
	h := host(t, sqliteFiles, 3)
	b := browser(t)
	b.do(width(360), chromedp.Navigate(h.url+memberPath("K001", "M0002")))
	before := rupiahOf(t, of(b, chromedp.Text(".accounts .balance")))
	b.deposit("125.000", "")
	require.Contains(t, of(b, chromedp.Text(".notice")), "Setoran Rp\u00a0125.000 ke Simpanan Sukarela dicatat.")
	require.Equal(t, before.Add(idr(125_000)), rupiahOf(t, of(b, chromedp.Text(".accounts .balance"))))

	b.picture("setoran-360")

	// The same form once more, as a second click or a lost answer sends it.
	b.deposit("125.000", h.lastKey("K001"))
	require.Contains(t, of(b, chromedp.Text(".notice")), "Sudah tercatat sebelumnya")
	require.Equal(t, before.Add(idr(125_000)), rupiahOf(t, of(b, chromedp.Text(".accounts .balance"))))

	b.do(chromedp.SetValue(`form[action$="/penarikan"] input[name=jumlah]`, "900.000.000"),
		chromedp.Click(`form[action$="/penarikan"] button`), chromedp.WaitVisible("#salah"))
	require.Contains(t, of(b, chromedp.Text("#salah")), "Saldo tidak cukup")
	require.Empty(t, of(b, chromedp.Evaluate[[]string](reachingBeyond)))
	b.picture("ditolak-360")

	b.do(chromedp.Navigate(h.url+"/koperasi/K001/barang"), chromedp.Click(".goods li:nth-child(3) a"), chromedp.WaitVisible(".plans"))
	goods := of(b, chromedp.Text("h1"))
	b.do(chromedp.Click(`input[name=bulan][value="6"]`), chromedp.SendKeys("input[name=anggota]", "m0002"),
		chromedp.Click(`form[action$="/pesan"] button`), chromedp.WaitVisible(".notice"))
	require.Equal(t, "Dipesan", of(b, chromedp.Text(".title .tag")))
	path, _, _ := strings.Cut(of(b, chromedp.Location()), "?")
	id := strings.TrimPrefix(path, h.url+"/koperasi/K001/pesanan/")
	require.Equal(t, goods+" M0002 6", h.text("SELECT goods || ' ' || member || ' ' || months FROM app_order WHERE coop = 'K001' AND id = '"+id+"'"))

	b.do(chromedp.SendKeys("input[name=pemasok]", "Toko Sumber Elektronik"),
		chromedp.Click(`form[action$="/beli"] button`), chromedp.WaitVisible(`form[action$="/akad"]`),
		chromedp.Click(`form[action$="/akad"] button`), chromedp.WaitVisible(`form[action$="/angsuran"]`),
		chromedp.Click(`form[action$="/angsuran"] button`), chromedp.WaitVisible("tr.done"))
	b.picture("angsuran-360")
	require.Equal(t, 1, of(b, chromedp.Evaluate[int](`document.querySelectorAll('tr.done').length`)))
	h.sound()
}

// deposit fills the form in and sends it, under another key if one is given.
func (b *tab) deposit(amount, key string) {
	b.Helper()
	const form = `form[action$="/setoran"]`
	b.do(chromedp.WaitVisible(form), chromedp.SetValue(form+" input[name=jumlah]", amount))
	if key != "" {
		b.do(chromedp.SetValue(form+" input[name=kunci]", key, chromedp.NodeReady))
	}
	of(b, chromedp.Evaluate[bool](`document.body.removeAttribute('id'), document.querySelector('.notice')?.remove() ?? true`))
	b.do(chromedp.Click(form+" button"), chromedp.WaitVisible(".notice"))
}
