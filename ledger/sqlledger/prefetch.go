package sqlledger

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// maxAsked is the most subs or keys that one statement asks for.
const maxAsked = 1000

// Prefetch implements [ledger.Prefetcher]: what is not known yet is read in one
// statement for each thousand.
func (r *reader) Prefetch(need ledger.Need) error {
	if err := r.prefetchAccounts(need.Codes); err != nil {
		return err
	}
	keys, subs := r.unknownKeys(need.Keys), r.unknownSubs(need.Subs)
	for len(keys) > 0 || len(subs) > 0 {
		k, s := min(len(keys), maxAsked), min(len(subs), maxAsked)
		if err := r.ask(keys[:k], subs[:s]); err != nil {
			return err
		}
		keys, subs = keys[k:], subs[s:]
	}
	return nil
}

func (r *reader) prefetchAccounts(codes []string) error {
	var unknown []string
	seen := make(map[string]bool)
	for _, code := range codes {
		if _, known := r.knownAccount(code); !known && !seen[code] && plain(code) {
			seen[code] = true
			unknown = append(unknown, code)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return r.fetchAccounts(unknown)
}

func (r *reader) unknownKeys(keys []string) []string {
	var unknown []string
	for _, key := range keys {
		if _, known := r.commands[key]; known || !plain(key) {
			continue
		}
		if r.commands == nil {
			r.commands = make(map[string]ledger.Command, len(keys))
		}
		r.commands[key] = ledger.Command{} // unless the answer has it
		unknown = append(unknown, key)
	}
	return unknown
}

// plain reports whether texts can be asked for: what no database takes as text
// cannot be in any row, and would only end the transaction.
func plain(texts ...string) bool {
	for _, text := range texts {
		if len(text) > ledger.MaxText || !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
			return false
		}
	}
	return true
}

// unknownSubs returns the subs that must be read, each once, from the earliest
// day on that is asked.
func (r *reader) unknownSubs(subs []ledger.SubSince) []ledger.SubSince {
	var unknown []ledger.SubSince
	at := make(map[place]int)
	for _, s := range subs {
		key := place{s.Account, s.Sub}
		if known := r.positions[key]; known != nil && !s.From.Before(known.from) || !plain(s.Account, s.Sub) || !s.From.Valid() {
			continue
		}
		if i, listed := at[key]; listed {
			if s.From.Before(unknown[i].From) {
				unknown[i].From = s.From
			}
			continue
		}
		at[key] = len(unknown)
		unknown = append(unknown, s)
	}
	return unknown
}

// ask reads positions and commands.
func (r *reader) ask(keys []string, subs []ledger.SubSince) error {
	if r.positions == nil {
		r.positions = make(map[place]*position)
	}
	asked := make([]*position, len(subs))
	for i, s := range subs {
		at := place{strings.Clone(s.Account), strings.Clone(s.Sub)} // they are kept
		asked[i] = &position{from: s.From, Position: ledger.Position{Sub: ledger.Sub{Account: at.account, Sub: at.sub}}}
		r.positions[at] = asked[i]
	}
	statement, args := r.bulletin(keys, subs)
	base := 0
	if r.store.options.Dialect == PostgreSQL {
		base = 1 // ordinality counts from 1
	}
	var held []*position
	latest := uint64(0)
	err := r.query(statement, func(row *result) error {
		var b bulletinRow
		if err := b.scan(row); err != nil {
			return b.place(err, subs, base)
		}
		if b.what == 1 {
			command := b.command()
			r.commands[b.holder], latest = command, max(latest, command.First)
			return nil
		}
		p := asked[b.ord-base]
		if !p.Exists {
			if err := b.begin(p); err != nil {
				return b.place(row.unreadable(blockColumn, err), subs, base)
			}
			if b.held {
				held = append(held, p)
			}
		}
		if !b.row.Day.IsZero() {
			p.Rows = append(p.Rows, b.row)
		}
		return nil
	}, args...)
	if err == nil {
		err = r.notOvertaken(latest)
	}
	for _, p := range asked {
		p.settle()
	}
	for _, p := range held {
		if err == nil {
			p.Holds, err = r.holds(holdsOfSub, r.book, p.Sub.Account, p.Sub.Sub)
		}
	}
	return err
}

// bulletin builds the statement that asks for keys and subs.
func (r *reader) bulletin(keys []string, subs []ledger.SubSince) (string, []any) {
	statement, args := "", []any{r.book}
	postgres := r.store.options.Dialect == PostgreSQL
	switch {
	case len(subs) == 0:
	case postgres:
		var codes, names, days array
		for _, s := range subs {
			codes.text(s.Account)
			names.text(s.Sub)
			days.date(s.From)
		}
		args = append(args, codes.literal(), names.literal(), days.literal())
		statement = fmt.Sprintf(bulletinSubs, dayPostgres, askedPostgres)
	default:
		list := make([][3]string, len(subs))
		for i, s := range subs {
			list[i] = [3]string{s.Account, s.Sub, s.From.String()}
		}
		args = append(args, jsonText(list))
		statement = fmt.Sprintf(bulletinSubs, daySQLite, askedSQLite)
	}
	if len(keys) == 0 {
		return statement, args
	}
	if statement != "" {
		statement += "\nUNION ALL\n"
	}
	among := keysSQLite
	if postgres {
		among = keysPostgres
		var list array
		for _, key := range keys {
			list.text(key)
		}
		args = append(args, list.literal())
	} else {
		args = append(args, jsonText(keys))
	}
	return statement + fmt.Sprintf(bulletinKeys, fmt.Sprintf(among, len(args))), args
}

func jsonText(list any) string {
	text, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Sprintf("sqlledger: texts that are no JSON: %v", err))
	}
	return string(text)
}

// bulletinRow is one row of the answer; what its columns mean stands at the
// statement.
type bulletinRow struct {
	what, ord   int
	opened      bool
	holder      string
	floor       ledger.Floor
	first, last int64 // of a command, in the columns of the floor
	block       string
	held        bool
	row         ledger.Turnover
	content     ledger.Digest
}

func (b *bulletinRow) scan(row *result) error {
	var phase, debit, credit, balance sql.NullInt64
	err := row.Scan(&b.what, &b.ord, &b.opened, &b.holder, &b.floor.HasHard, &b.first, &b.floor.HasSoft, &b.last, &b.block,
		&b.held, &b.row.Day, &phase, &debit, &credit, &balance, digest{&b.content})
	b.row.Phase = ledger.Phase(phase.Int64)
	b.row.Debit, b.row.Credit, b.row.Balance = ledger.Minor(debit.Int64), ledger.Minor(credit.Int64), ledger.Minor(balance.Int64)
	return err
}

// blockColumn is the place of block among the columns.
const blockColumn = 8

// place adds to an error of a row the sub that was asked for.
func (b *bulletinRow) place(err error, subs []ledger.SubSince, base int) error {
	var wrong *RowError
	if i := b.ord - base; errors.As(err, &wrong) && b.what == 0 && i >= 0 && i < len(subs) {
		wrong.Key = strings.TrimSuffix(fmt.Sprintf("code %q, sub %q, %s", subs[i].Account, subs[i].Sub, wrong.Key), ", ")
	}
	return err
}

func (b *bulletinRow) command() ledger.Command {
	return ledger.Command{Key: b.holder, Kind: b.block, Content: b.content, First: uint64(b.first), Last: uint64(b.last)}
}

// begin fills in a sub's row.
func (b *bulletinRow) begin(p *position) error {
	p.Exists = true
	p.Sub.Opened, p.Sub.Holder = b.opened, b.holder
	p.Sub.Floor = ledger.Floor{HasHard: b.floor.HasHard, Hard: ledger.Minor(b.first), HasSoft: b.floor.HasSoft, Soft: ledger.Minor(b.last)}
	return p.Sub.Block.UnmarshalText([]byte(b.block))
}

// Position implements [ledger.Reader].
func (r *reader) Position(code, sub string, from ledger.Date) (ledger.Position, error) {
	if !plain(code, sub) || !from.Valid() {
		return ledger.Position{Sub: ledger.Sub{Account: code, Sub: sub}}, r.failed
	}
	if err := r.Prefetch(ledger.Need{Subs: []ledger.SubSince{{Account: code, Sub: sub, From: from}}}); err != nil {
		return ledger.Position{}, err
	}
	known := r.positions[place{code, sub}]
	p := known.Position
	for len(p.Rows) > 0 && p.Rows[0].Day.Before(from) {
		p.Before, p.Rows = p.Rows[0].Balance, p.Rows[1:]
	}
	return p, r.failed
}

// Command implements [ledger.Reader].
func (r *reader) Command(key string) (ledger.Command, bool, error) {
	if !plain(key) {
		return ledger.Command{}, false, r.failed
	}
	if known, asked := r.commands[key]; asked {
		return known, known.First != 0, r.failed
	}
	var c ledger.Command
	err := r.query(findCommand, func(row *result) error {
		c.Key = key
		return row.Scan(&c.First, &c.Last, &c.Kind, digest{&c.Content})
	}, r.book, key)
	if err == nil {
		err = r.notOvertaken(c.First)
	}
	return c, c.First != 0, err
}

// notOvertaken fails if a change that was read comes after the head because
// another writer has moved it since: the lock did not hold, and what was read,
// each statement seeing a state of its own, does not belong together.
func (r *reader) notOvertaken(change uint64) error {
	if change <= r.head.Change {
		return nil
	}
	seen := r.head
	if err := r.readHead(); err != nil || r.head == seen { // the same: the row is wrong, as Check will say
		return err
	}
	return r.fail(errLostRace)
}
