package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// noon is the day of all tests.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, wib)

func still() time.Time { return noon }

// engine makes new databases with so many cooperatives of demonstration data.
type engine struct {
	name string
	open func(t testing.TB, coops int) (dsn, file string)
}

// noTables asks an engine for a database without a table.
const noTables = -1

// onEach runs a test on SQLite, and on PostgreSQL where a server can be
// started.
func onEach(t *testing.T, run func(*testing.T, engine)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { run(t, sqliteFiles) })
	t.Run("PostgreSQL", func(t *testing.T) { run(t, server.engine(t)) })
}

// prepared are databases that were filled once, to be copied for each test.
type prepared struct {
	mu    sync.Mutex
	names map[int]string // by the number of cooperatives
}

// name returns the prepared database of a size, after fill has filled it the
// first time.
func (p *prepared) name(t testing.TB, coops int, fill func() string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names == nil {
		p.names = make(map[int]string)
	}
	if _, there := p.names[coops]; !there {
		p.names[coops] = fill()
	}
	return p.names[coops]
}

func fillDatabase(t testing.TB, dsn, file string, coops int) {
	t.Helper()
	ctx := context.Background()
	db, err := openDatabase(ctx, dsn, file)
	require.NoError(t, err)
	a, err := newApp(db, still, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.NoError(t, a.fill(ctx, 1, coops, silent))
	require.NoError(t, db.Close())
}

func silent(done, of int) {}

// scratch is a folder of all tests together; TestMain removes it.
var scratch string

var (
	filledFiles prepared
	sqliteFiles = engine{"SQLite", func(t testing.TB, coops int) (dsn, file string) {
		t.Helper()
		if coops == noTables {
			return "", filepath.Join(t.TempDir(), "koperasi.db")
		}
		filled := filledFiles.name(t, coops, func() string {
			file := filepath.Join(scratch, fmt.Sprintf("filled%d.db", coops))
			fillDatabase(t, "", file, coops)
			return file
		})
		content, err := os.ReadFile(filled)
		require.NoError(t, err)
		file = filepath.Join(t.TempDir(), "koperasi.db")
		require.NoError(t, os.WriteFile(file, content, 0o600))
		return "", file
	}}
)

// hosted is the application on a web server of the test's own.
type hosted struct {
	*testing.T
	app *app
	url string
}

// host serves so many cooperatives of demonstration data.
func host(t *testing.T, e engine, coops int) *hosted {
	t.Helper()
	dsn, file := e.open(t, coops)
	db, err := openDatabase(t.Context(), dsn, file)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	a, err := newApp(db, still, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	s := httptest.NewServer(a.routes())
	t.Cleanup(s.Close)
	return &hosted{t, a, s.URL}
}

// reply is what came back, redirects followed.
type reply struct {
	status   int
	path     string // of the page that was shown in the end
	body     string
	replayed bool // the first answer said that it was one given before
}

func (h *hosted) get(path string) reply {
	h.Helper()
	r, err := send(h.Context(), http.MethodGet, h.url+path, nil)
	require.NoError(h, err)
	return r
}

// post sends a form; fields are name and value by turns.
func (h *hosted) post(path, key string, fields ...string) reply {
	h.Helper()
	r, err := send(h.Context(), http.MethodPost, h.url+path, formOf(key, fields...))
	require.NoError(h, err)
	return r
}

// order orders goods as their page shows them.
func (h *hosted) order(coop, goods, member string, months int, key string) reply {
	h.Helper()
	return h.post(coopPath(coop, "barang", goods, "pesan"), key, h.ordering(coop, goods, member, months)...)
}

// ordering are the fields of an order, with the price of the plan as of now.
func (h *hosted) ordering(coop, goods, member string, months int) []string {
	h.Helper()
	var price ledger.Money
	require.NoError(h, h.app.read(h.Context(), func(t *reading) error {
		item, err := t.oneGoods(coop, goods)
		if err != nil {
			return err
		}
		for _, o := range must(offers(item, must(t.plans(coop)), t.today)) {
			if o.Months == months {
				price = o.Price
			}
		}
		return nil
	}))
	return []string{"anggota", member, "bulan", fmt.Sprint(months), fmt.Sprintf("harga-%d", months), plain(price)}
}

func formOf(key string, fields ...string) url.Values {
	form := url.Values{"kunci": {key}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return form
}

func send(ctx context.Context, method, address string, form url.Values) (reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return reply{}, err
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	var r reply
	client := http.Client{CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		r.replayed = r.replayed || next.Response.Header.Get("Idempotent-Replayed") == "true"
		return nil
	}}
	response, err := client.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	r.status, r.path, r.body = response.StatusCode, response.Request.URL.Path, string(body)
	return r, err
}

// key makes a key that is the test's own.
func key(name string) string { return fmt.Sprintf("test-%016s", name) }

// nik is the number of an identity card that no member of the demonstration has.
func nik(n int) string { return fmt.Sprintf("99%014d", n) }

// text returns the only value of a query as text.
func (h *hosted) text(query string) string {
	h.Helper()
	var value string
	require.NoError(h, h.app.db.QueryRow(query).Scan(&value), query)
	return value
}

func (h *hosted) lastKey(coop string) string {
	h.Helper()
	return h.text("SELECT request_key FROM app_request WHERE coop = '" + coop + "' ORDER BY receipt DESC LIMIT 1")
}

// sound fails unless the books contradict neither themselves nor our tables.
func (h *hosted) sound() {
	h.Helper()
	findings, err := h.app.findings(context.WithoutCancel(h.Context()))
	require.NoError(h, err)
	require.Empty(h, findings)
}

// balance is what the book has on a member's savings account.
func (h *hosted) balance(coop, member, product string) ledger.Money {
	h.Helper()
	book, err := ledger.Open(h.Context(), h.app.store, bookConfig(coop, still))
	require.NoError(h, err)
	var balance ledger.Money
	require.NoError(h, book.View(h.Context(), func(tx *ledger.Tx) (err error) {
		balance, err = tx.Balance(controls[product], accountOf(member, product), ledger.Latest())
		return err
	}))
	return balance.Neg()
}

func (h *hosted) head(coop string) ledger.Head {
	h.Helper()
	book, err := ledger.Open(h.Context(), h.app.store, bookConfig(coop, still))
	require.NoError(h, err)
	head, err := book.Head(h.Context())
	require.NoError(h, err)
	return head
}

func idr(whole int64) ledger.Money { return ledger.IDR.Of(whole) }

var rupiahPattern = regexp.MustCompile(`Rp[\s\x{a0}]*([0-9.]+)`)

// rupiahOf reads the first amount on a page's text.
func rupiahOf(t testing.TB, text string) ledger.Money {
	t.Helper()
	found := rupiahPattern.FindStringSubmatch(text)
	require.NotNil(t, found, text)
	amount, err := ledger.IDR.ParseLocal(found[1])
	require.NoError(t, err)
	return amount
}
