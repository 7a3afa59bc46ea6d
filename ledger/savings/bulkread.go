package savings

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// The columns of a bulk deposit's file, of which key and amount are required.
var bulkColumns = [...]string{"key", "account", "member", "product", "amount", "note"}

// ReadBulk reads a bulk deposit's lines from CSV: a header line that names the
// columns key and amount, and account or member and product, in any order, note
// if wanted; then one row on each line.
//
//	key,member,product,amount,note
//	GAJI-2026-03/0001,M0001,wajib,50000,
//	GAJI-2026-03/0002,M0001,SIMUDA,150000.00,"Potongan gaji, Maret"
//
// Amounts are in currency units with a decimal point and no grouping. The file
// is UTF-8 of at most [MaxBulkBytes]; a byte order mark, CRLF line ends and
// empty lines are allowed, line breaks within a field are not; it has at most
// [MaxBulkLines] rows. A row that
// cannot be read is a fault of the list beside the rows that can, so that
// [Desk.DepositAll] tells all faults at once. The error is a [*BulkError] if
// the file cannot be read at all.
func ReadBulk(r io.Reader, currency ledger.Currency) (BulkList, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBulkBytes+1))
	if err != nil {
		return BulkList{}, fmt.Errorf("savings: reading a bulk deposit: %w", err)
	}
	if len(data) > MaxBulkBytes {
		return BulkList{}, unreadable(0, "file", fmt.Sprintf("the file has more than %d bytes", MaxBulkBytes))
	}
	var list BulkList
	var at map[string]int
	width, line := 0, 0
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		line++
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
		if text == "" {
			continue
		}
		cells, why := splitRow(text)
		if at == nil {
			if at, err = bulkHeader(line, cells, why); err != nil {
				return BulkList{}, err
			}
			width = len(cells)
			continue
		}
		if len(list.Lines)+len(list.Faults) == MaxBulkLines {
			return BulkList{}, unreadable(line, "lines", fmt.Sprintf("the list has more than %d lines", MaxBulkLines))
		}
		if why == "" && len(cells) != width {
			why = fmt.Sprintf("%d fields, the header has %d", len(cells), width)
		}
		if why != "" {
			list.Faults = append(list.Faults, BulkFault{line, "", &Refusal{Kind: ErrCommand, Code: "bulk.row", Reason: why}})
		} else {
			list.add(line, cells, at, currency)
		}
	}
	if at == nil {
		return BulkList{}, unreadable(1, "header", "the file is empty, want a header line")
	}
	return list, nil
}

func unreadable(line int, what, reason string) error {
	return &BulkError{Faults: []BulkFault{{Line: line, Err: &Refusal{Kind: ErrCommand, Code: "bulk." + what, Reason: reason}}}}
}

// bulkHeader returns the place of every column.
func bulkHeader(line int, cells []string, why string) (map[string]int, error) {
	if why != "" {
		return nil, unreadable(line, "header", why)
	}
	at := make(map[string]int, len(cells))
	for i, name := range cells {
		if _, twice := at[name]; twice {
			return nil, unreadable(line, "header", fmt.Sprintf("column %q stands twice", clip(name)))
		}
		if !slices.Contains(bulkColumns[:], name) {
			return nil, unreadable(line, "header", fmt.Sprintf("unknown column %q, want %s", clip(name), strings.Join(bulkColumns[:], ", ")))
		}
		at[name] = i
	}
	for _, sets := range [...][]string{{"key", "amount", "account"}, {"key", "amount", "member", "product"}} {
		if !slices.ContainsFunc(sets, func(name string) bool { _, there := at[name]; return !there }) {
			return at, nil
		}
	}
	return nil, unreadable(line, "header", "want the columns key and amount, and account or member and product")
}

// add adds a row. What is missing in it the desk will say; an amount that is
// none is lost here.
func (l *BulkList) add(line int, cells []string, at map[string]int, currency ledger.Currency) {
	cell := func(name string) string {
		if i, there := at[name]; there {
			return cells[i]
		}
		return ""
	}
	row := BulkLine{Line: line, Key: cell("key"), Account: cell("account"), Member: cell("member"), Product: cell("product"), Note: cell("note")}
	amount, err := currency.Parse(cell("amount"))
	if err != nil {
		why := strings.TrimPrefix(err.Error(), "ledger: ")
		if cell("amount") == "" {
			why = "the amount is missing"
		}
		l.Faults = append(l.Faults, BulkFault{line, row.Key, &Refusal{Kind: ErrAmount, Code: "bulk.amount", Account: row.Account, Member: row.Member, Reason: why}})
		return
	}
	row.Amount = amount
	l.Lines = append(l.Lines, row)
}

// splitRow splits one line into its fields (RFC 4180), or says what is wrong
// with it.
func splitRow(text string) (cells []string, why string) {
	if !utf8.ValidString(text) {
		return nil, "not valid UTF-8"
	}
	for {
		if !strings.HasPrefix(text, `"`) {
			cell, rest, more := strings.Cut(text, ",")
			if strings.Contains(cell, `"`) {
				return nil, "a quote inside a field that does not begin with one"
			}
			if cells = append(cells, cell); !more {
				return cells, ""
			}
			text = rest
			continue
		}
		var cell strings.Builder
		for text = text[1:]; ; {
			part, rest, closed := strings.Cut(text, `"`)
			if !closed {
				return nil, "a quoted field that is not closed on its line"
			}
			cell.WriteString(part)
			text = rest
			if !strings.HasPrefix(text, `"`) {
				break
			}
			cell.WriteByte('"')
			text = text[1:]
		}
		cells = append(cells, cell.String())
		if text == "" {
			return cells, ""
		}
		if text[0] != ',' {
			return nil, "text after the closing quote of a field"
		}
		text = text[1:]
	}
}
