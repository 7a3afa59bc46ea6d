package savings_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A candidate becomes a member within three months, or nothing more comes in.
func TestCandidate(t *testing.T) {
	book, desk := newFullDesk(t)
	_, err := desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.January, 31), Member: "C1", Standing: ledger.Candidate, Documents: []string{"formulir/1"}})
	require.NoError(t, err)
	m := memberOf(t, book, "C1")
	require.Equal(t, savings.MemberCandidate, m.State())
	require.Equal(t, day(time.April, 30), m.Until, "31 April is the 30th")
	_, err = desk.Open(ctx, savings.Opening{Key: "O", Date: day(time.February, 1), Account: "C1-SIWA", Member: "C1", Product: "SIWA"})
	require.NoError(t, err)
	deposit := func(key string, on ledger.Date) (savings.Receipt, error) {
		return desk.Deposit(ctx, savings.Deposit{Key: key, Date: on, Account: "C1-SIWA", Amount: rupiah(10_000), Counter: teller})
	}
	r, err := deposit("D1", day(time.April, 30))
	require.NoError(t, err)
	require.Equal(t, ledger.Party{Member: "C1", Standing: ledger.Candidate}, r.Posted.Lines[1].Party)
	_, err = deposit("D2", day(time.May, 1))
	require.Equal(t, savings.RuleCandidate, refused(t, err, savings.ErrMember, "member.candidate_overdue").Rule)
	_, err = desk.Open(ctx, savings.Opening{Key: "O2", Date: day(time.May, 1), Account: "C1-SIMUDA", Member: "C1", Product: "SIMUDA"})
	refused(t, err, savings.ErrMember, "member.candidate_overdue")

	_, err = desk.Admit(ctx, savings.Admission{Key: "A", Date: day(time.May, 2), Member: "C1"})
	refused(t, err, savings.ErrCommand, "member.approved_by")
	_, err = desk.Admit(ctx, savings.Admission{Key: "A", Date: day(time.January, 30), Member: "C1", ApprovedBy: "pengurus"})
	refused(t, err, savings.ErrDate, "member.before_joined")
	_, err = desk.Admit(ctx, savings.Admission{Key: "A", Date: day(time.May, 2), Member: "C1", ApprovedBy: "pengurus", Documents: []string{"rapat/5"}})
	require.NoError(t, err)
	m = memberOf(t, book, "C1")
	require.Equal(t, savings.MemberActive, m.State())
	require.Equal(t, []string{"formulir/1", "rapat/5"}, m.Documents)
	require.Equal(t, day(time.May, 2), m.Since())
	r, err = deposit("D2", day(time.May, 2))
	require.NoError(t, err)
	require.Equal(t, member("C1"), r.Posted.Lines[1].Party)
	require.Equal(t, ledger.Candidate, m.Party(day(time.May, 1)).Standing, "what the person was then")

	policy := standardPolicy()
	policy.From, policy.CandidateMonths = day(time.June, 1), 0
	_, err = desk.SetPolicy(ctx, savings.PolicySetting{Key: "free", Policy: policy})
	require.NoError(t, err)
	_, err = desk.Join(ctx, savings.Joining{Key: "J2", Date: day(time.June, 1), Member: "C2", Standing: ledger.Candidate})
	require.NoError(t, err)
	require.True(t, memberOf(t, book, "C2").Until.IsZero())
}

func TestLeavingNeedsItsDocument(t *testing.T) {
	_, desk := newFullDesk(t)
	_, err := desk.Leave(ctx, savings.Leaving{Key: "L", Date: day(time.March, 1), Member: "M1", Reason: "melanggar AD/ART", Cause: savings.Expelled})
	refused(t, err, savings.ErrCommand, "member.documents")
	_, err = desk.Leave(ctx, savings.Leaving{Key: "L", Date: day(time.March, 1), Member: "M1", Reason: "wafat", Cause: savings.Deceased, Documents: []string{"akta/1"}})
	refused(t, err, savings.ErrCommand, "member.cause")
	_, err = desk.Die(ctx, savings.Death{Key: "X", Date: day(time.March, 2), Known: day(time.March, 1), Member: "M1", Documents: []string{"akta/1"}, By: "manajer"})
	refused(t, err, savings.ErrDate, "death.known")
	_, err = desk.Die(ctx, savings.Death{Key: "X", Date: day(time.March, 1), Known: day(time.March, 2), Member: "M1", By: "manajer"})
	refused(t, err, savings.ErrCommand, "member.documents")
}

var salt = []byte("a secret of kspps-melati")

// One person has one membership, by the digest of the identity number alone.
func TestOnePersonOneMembership(t *testing.T) {
	_, desk := newFullDesk(t)
	var persons savings.MemoryPersons
	enrol := func(key, number, identity string, on ledger.Date) error {
		_, err := desk.Enrol(ctx, &persons, savings.Enrolment{Joining: savings.Joining{Key: key, Date: on, Member: number, ApprovedBy: "pengurus"},
			Person: savings.Person{Name: "Siti Aminah", Identity: identity}, Salt: salt})
		return err
	}
	require.NoError(t, enrol("J1", "A1", "3404 0112 3456 0001", day(time.January, 10)))
	require.NoError(t, enrol("J1", "A1", "3404 0112 3456 0001", day(time.January, 10)), "a repeat")
	r := refused(t, enrol("J2", "A2", "3404011234560001", day(time.February, 10)), savings.ErrExists, "member.identity")
	require.ErrorContains(t, r, "the same person is member A1")
	require.NotContains(t, r.Error(), "3404")
	leaves(t, desk, "A1", day(time.March, 1))
	refused(t, enrol("J2", "A2", "3404011234560001", day(time.February, 28)), savings.ErrExists, "member.identity")
	require.NoError(t, enrol("J2", "A2", "3404011234560001", day(time.March, 1)), "who has left may join again")
	refused(t, enrol("J3", "A3", "3404011234560001", day(time.March, 2)), savings.ErrExists, "member.identity")
	refused(t, enrol("J3", "A3", " - ", day(time.March, 2)), savings.ErrPerson, "person.identity")
	_, err := savings.IdentityDigest([]byte("short"), "1")
	refused(t, err, savings.ErrPerson, "person.salt")
	other, err := savings.IdentityDigest([]byte("another cooperative's salt"), "3404011234560001")
	require.NoError(t, err)
	own, err := savings.IdentityDigest(salt, "3404011234560001")
	require.NoError(t, err)
	require.NotEqual(t, own, other)
	refused(t, persons.Put(ctx, "A9", savings.Person{Name: "a\nb"}), savings.ErrPerson, "person.text")
}

// Erasing a person leaves the book whole, and the book never held it.
func TestErasingAPersonBreaksNoChain(t *testing.T) {
	book, desk := newFullDesk(t)
	var persons savings.MemoryPersons
	secret := savings.Person{Name: "Siti Aminah", Identity: "3404011234560001", Address: "Jl. Melati 7", Occupation: "petani",
		Heirs: []savings.Heir{{Name: "Budi Santoso", Relation: "anak", Identity: "3404011234560002"}}}
	_, err := desk.Enrol(ctx, &persons, savings.Enrolment{Joining: savings.Joining{Key: "J", Date: day(time.January, 10), Member: "A1"}, Person: secret, Salt: salt})
	require.NoError(t, err)
	opens(t, desk, "A1", "SIWA")
	paysIn(t, desk, "D", "A1-SIWA", day(time.February, 1), 100_000)
	known, found, err := persons.Person(ctx, "A1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, secret, known)
	before, err := book.Head(ctx)
	require.NoError(t, err)

	require.NoError(t, persons.Erase(ctx, "A1"))
	require.NoError(t, persons.Erase(ctx, "A1"), "twice does no harm")
	_, found, err = persons.Person(ctx, "A1")
	require.NoError(t, err)
	require.False(t, found)
	requireSound(t, book)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for change, err := range tx.Changes(1) {
			require.NoError(t, err)
			text, err := json.Marshal(change)
			require.NoError(t, err)
			for _, private := range []string{"Siti", "34040112", "Jl. Melati", "petani", "Budi"} {
				require.NotContains(t, string(text), private)
				if change.Record != nil {
					require.False(t, strings.Contains(string(change.Record.State)+string(change.Record.Data), private))
				}
			}
		}
		return nil
	}))
	paysIn(t, desk, "D2", "A1-SIWA", day(time.February, 2), 1_000)
}
