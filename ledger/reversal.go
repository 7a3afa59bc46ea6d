package ledger

import "fmt"

// Reversal asks for the exact mirror of an entry.
type Reversal struct {
	Key   string
	Entry uint64 // the number of the entry to mirror
	Date  Date   // in an open period; need not be the original's
	// Reason is required and becomes the memo.
	Reason    string
	Document  string
	Maker     string
	Approver  string
	Adjusting bool // post it as an adjusting entry, in a softly closed period
	Waiver    string
	// Source must name the same contract as the entry's, if that has one: only
	// the contract's own package reverses it, with its record in one step.
	Source Source
}

// Reverse posts the exact mirror of an entry, once, linked both ways. The
// mirror obeys periods, blocks, floors and holds like any entry. A reversal is
// not reversed again, and an entry that comes from a contract is reversed by
// the contract's package. Refusals match [ErrReversal].
func (tx *Tx) Reverse(r Reversal) (Posted, error) {
	content := NewContent("reverse").Text(r.Key).Uint(r.Entry).Date(r.Date).Text(r.Reason).Text(r.Document).
		Text(r.Maker).Text(r.Approver).Bool(r.Adjusting).Text(r.Waiver).
		Text(r.Source.Kind).Text(r.Source.ID).Int(int64(r.Source.Version)).Text(r.Source.Event).Digest()
	command, first, repeated, err := tx.own(Command{Key: r.Key, Kind: "reverse", Content: content})
	if err != nil {
		return Posted{}, err
	}
	if repeated {
		return tx.postedBy(first)
	}
	original, found, err := tx.Entry(r.Entry)
	if err != nil {
		return Posted{}, err
	}
	if refusal := tx.reversalFault(&r, &original, found); refusal != nil {
		return Posted{}, refusal
	}
	p := posting{reverses: r.Entry, Entry: Entry{
		Key: command.Key, Date: r.Date, Memo: r.Reason, Document: r.Document, Maker: r.Maker, Approver: r.Approver,
		Source: r.Source, Phase: original.Phase, Waiver: r.Waiver, Lines: original.Lines,
	}}
	if r.Adjusting && p.Phase == Ordinary {
		p.Phase = Adjusting
	}
	for i := range p.Lines {
		p.Lines[i].Amount = p.Lines[i].Amount.Neg()
	}
	if err := tx.examine(&p); err != nil {
		return Posted{}, err
	}
	if len(p.found) > 0 {
		return Posted{}, p.found[0]
	}
	p.digest(tx)
	return p.given(tx.enter(command, &p, nil), nil)
}

func (tx *Tx) reversalFault(r *Reversal, original *Posted, found bool) *Refusal {
	refuse := func(code Code, detail string) *Refusal {
		return tx.refuse(ErrReversal, Refusal{Code: code, Key: r.Key, Detail: detail})
	}
	switch {
	case !found:
		return refuse(CodeEntryUnknown, fmt.Sprintf("there is no entry %d", r.Entry))
	case original.Reverses != 0:
		return refuse(CodeReversalOfReverse, fmt.Sprintf("entry %d is itself the reversal of entry %d", r.Entry, original.Reverses))
	case original.ReversedBy != 0:
		return refuse(CodeReversedAlready, fmt.Sprintf("entry %d was reversed by entry %d", r.Entry, original.ReversedBy))
	case original.Source.IsZero() && !r.Source.IsZero():
		return refuse(CodeReversalOfSource, fmt.Sprintf("entry %d does not come from %s or any other contract", r.Entry, plain(r.Source.String())))
	case original.Source.Kind != r.Source.Kind || original.Source.ID != r.Source.ID:
		return refuse(CodeReversalOfSource, fmt.Sprintf("entry %d comes from %s: package %s reverses it together with the contract",
			r.Entry, original.Source, original.Source.Kind))
	case r.Reason == "":
		return refuse(CodeReasonMissing, "a reversal needs a reason")
	}
	return nil
}
