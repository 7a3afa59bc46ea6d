package ledger

// What is digested, for the golden vectors.

func EntryBytes(e *Entry, reverses uint64, imported bool) []byte {
	return new(Content).entry(e, reverses, imported).buf
}

func RecordBytes(r *Record) []byte { return new(Content).record(r).buf }

func DocumentBytes(kind ChangeKind, doc []byte) []byte { return new(Content).document(kind, doc).buf }

func LinkBytes(book string, previous Digest, ch *Change) []byte {
	return new(Content).link(book, previous, ch).buf
}
