package savings

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mizan-coop/mizan/ledger"
)

// Person is what a cooperative knows of a member as a person (UU 27/2022). It
// is never written to the book.
type Person struct {
	Name       string
	Identity   string // the identity number (NIK)
	Address    string
	Occupation string
	Heirs      []Heir
}

// Heir is somebody whom a member has named.
type Heir struct {
	Name     string
	Relation string // to the member
	Identity string
}

// Persons keeps persons by member number, apart from the book: the book's
// chain cannot forget, and a person has a right to be. Records and entries
// carry the number and a salted digest only, so that erasing a person breaks
// no chain. Hosts keep it where they keep other personal data.
type Persons interface {
	// Put keeps what is known of a member, in place of what was.
	Put(ctx context.Context, member string, p Person) error
	// Person returns what is known of a member, false if nothing is.
	Person(ctx context.Context, member string) (Person, bool, error)
	// Erase forgets a member. It is no error if nothing is known.
	Erase(ctx context.Context, member string) error
}

// MinSalt is the least length of a salt of identity digests, in bytes.
const MinSalt = 16

// IdentityDigest returns the digest under which a person joins: an HMAC of the
// identity number's letters and digits with the cooperative's salt. The salt is
// a secret kept with the persons: identity numbers are short enough to be tried
// out by whoever has it, and without it the digest says nothing. Errors match
// [ErrPerson].
func IdentityDigest(salt []byte, identity string) (string, error) {
	if len(salt) < MinSalt {
		return "", &Refusal{Kind: ErrPerson, Code: "person.salt", Reason: fmt.Sprintf("a salt of %d bytes, want at least %d", len(salt), MinSalt)}
	}
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return -1
	}, identity)
	if plain == "" {
		return "", &Refusal{Kind: ErrPerson, Code: "person.identity", Reason: "an identity number without a letter or digit"}
	}
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(plain))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// MemoryPersons keeps persons in memory. The zero value is empty and ready; it
// is safe for any number of goroutines.
type MemoryPersons struct {
	mu   sync.RWMutex
	kept map[string]Person
}

// Put implements [Persons]. A text that no passbook can print is refused with
// [ErrPerson].
func (m *MemoryPersons) Put(ctx context.Context, member string, p Person) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	texts := []string{member, p.Name, p.Identity, p.Address, p.Occupation}
	for _, h := range p.Heirs {
		texts = append(texts, h.Name, h.Relation, h.Identity)
	}
	for _, text := range texts {
		if why := textFault(text); why != "" { // the text itself is nobody's business
			return &Refusal{Kind: ErrPerson, Code: "person.text", Member: member, Reason: "a text of the person " + why}
		}
	}
	if member == "" || len(member) > ledger.MaxSub {
		return &Refusal{Kind: ErrPerson, Code: "person.member", Reason: "a person is kept under a member's number"}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = make(map[string]Person)
	}
	p.Heirs = slices.Clone(p.Heirs)
	m.kept[member] = p
	return nil
}

// Person implements [Persons].
func (m *MemoryPersons) Person(ctx context.Context, member string) (Person, bool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, found := m.kept[member]
	p.Heirs = slices.Clone(p.Heirs)
	return p, found, ctx.Err()
}

// Erase implements [Persons].
func (m *MemoryPersons) Erase(ctx context.Context, member string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, member)
	return ctx.Err()
}

// Enrolment is a joining with the person who joins.
type Enrolment struct {
	Joining // Identity is made from Person.Identity and Salt
	Person  Person
	Salt    []byte // the cooperative's, at least [MinSalt] bytes
}

// Enrol enters a member in the register and keeps who it is. The person is kept
// after the book has taken the joining; asked again with the same key, it is
// kept again, so a store that failed in between does no harm.
func (d *Desk) Enrol(ctx context.Context, persons Persons, e Enrolment) (MemberResult, error) {
	digest, err := IdentityDigest(e.Salt, e.Person.Identity)
	if err != nil {
		return MemberResult{}, err
	}
	e.Joining.Identity = digest
	result, err := d.Join(ctx, e.Joining)
	if err != nil {
		return MemberResult{}, err
	}
	return result, persons.Put(ctx, e.Member, e.Person)
}
