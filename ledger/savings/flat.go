package savings

import (
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// flat is a state that can read its own stored form quickly, as long as that
// is one flat JSON object of plain strings. A month end reads every account and
// every member; most of them are so. read reports false, with the state as it
// was, for anything else, and the JSON package reads it then.
type flat interface{ read(data []byte) bool }

func (a *Account) read(data []byte) bool {
	var read Account
	if !readFlat(string(data), func(key, value string) bool {
		switch key {
		case "id":
			read.ID = value
		case "member":
			read.Member = value
		case "product":
			read.Product = value
		case "control":
			read.Control = value
		case "opened":
			return readDate(&read.Opened, value)
		case "pay_to":
			read.PayTo = value
		case "status":
			read.Status = Status(value)
		case "closed":
			return readDate(&read.Closed, value)
		case "mandate":
			read.Mandate = value
		case "goal_day":
			return readDate(&read.GoalDay, value)
		case "reactivated":
			return readDate(&read.Reactivated, value)
		default:
			return false
		}
		return true
	}) {
		return false
	}
	*a = read
	return true
}

func (m *Member) read(data []byte) bool {
	var read Member
	if !readFlat(string(data), func(key, value string) bool {
		switch key {
		case "number":
			read.Number = value
		case "joined":
			return readDate(&read.Joined, value)
		case "standing":
			return read.Standing.UnmarshalText([]byte(value)) == nil
		case "until":
			return readDate(&read.Until, value)
		case "admitted":
			return readDate(&read.Admitted, value)
		case "left":
			return readDate(&read.Left, value)
		case "cause":
			read.Cause = Cause(value)
		case "settled":
			return readDate(&read.Settled, value)
		case "identity":
			read.Identity = value
		case "approved_by":
			read.ApprovedBy = value
		case "reason":
			read.Reason = value
		default:
			return false
		}
		return true
	}) {
		return false
	}
	*m = read
	return true
}

func readDate(into *ledger.Date, text string) bool {
	day, err := ledger.ParseDate(text)
	*into = day
	return err == nil
}

// readFlat calls field for every member of {"key":"value",...} and reports
// whether the text is such an object, without escapes or space, and field took
// them all.
func readFlat(text string, field func(key, value string) bool) bool {
	rest, ok := strings.CutPrefix(text, "{")
	for ok && rest != "}" {
		var key, value string
		if key, rest, ok = plainText(rest); !ok {
			return false
		}
		if rest, ok = strings.CutPrefix(rest, ":"); !ok {
			return false
		}
		if value, rest, ok = plainText(rest); !ok || !field(key, value) {
			return false
		}
		if rest == "}" {
			break
		}
		if rest, ok = strings.CutPrefix(rest, ","); ok && !strings.HasPrefix(rest, `"`) {
			return false
		}
	}
	return ok
}

// plainText cuts a quoted text of printable ASCII without escapes off.
func plainText(text string) (plain, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return text[1:i], text[i+1:], true
		case c == '\\' || c < ' ' || c > '~':
			return "", "", false
		}
	}
	return "", "", false
}
