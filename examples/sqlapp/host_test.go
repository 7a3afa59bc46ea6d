package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// noon is the day of all tests.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, wib)

func still() time.Time { return noon }

// engine opens a new, empty database.
type engine struct {
	name string
	dsn  string // of PostgreSQL
	file string // of SQLite
}

// SQLite is a new file.
func SQLite(t testing.TB) engine {
	return engine{name: "SQLite", file: filepath.Join(t.TempDir(), "koperasi.db")}
}

// onEach runs a test on SQLite, and on PostgreSQL where a server can be
// started.
func onEach(t *testing.T, run func(*testing.T, engine)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { run(t, engine{name: "PostgreSQL", dsn: server.database(t)}) })
}

// hosted is the application on a web server of the test's own.
type hosted struct {
	*testing.T
	app *app
	url string
}

// host serves so many cooperatives of demonstration data.
func host(t *testing.T, e engine, coops int) *hosted {
	t.Helper()
	db, err := openDatabase(t.Context(), e.dsn, e.file)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	a, err := newApp(db, still, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	require.NoError(t, a.fill(t.Context(), 1, coops))
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
