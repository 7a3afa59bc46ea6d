package ledger

// The chart of accounts as a stage sees it.

// account returns an account as staged or stored.
func (s *stage) account(code string) (Account, bool, error) {
	if at, staged := s.index.accounts.find(code); staged {
		return s.accounts[at], true, nil
	}
	return s.store.Account(code)
}

// openChart keeps what the last flush has read of the chart, if nobody has
// written since: the digest of a head stands for everything up to it.
func (s *stage) openChart() {
	if s.head.Digest != s.charted[0] && s.head.Digest != s.charted[1] || s.chart == nil {
		s.chart = make(map[string]*Account)
	}
	s.charted = [2]Digest{s.head.Digest, s.head.Digest}
}

// closeChart forgets the accounts that the flush writes.
func (s *stage) closeChart() {
	for i := range s.accounts {
		delete(s.chart, s.accounts[i].Code)
	}
	s.charted[1] = s.head.Digest
}

// current returns an account as it is now, not to be modified.
func (s *stage) current(code string) (a *Account, found bool, err error) {
	if at, staged := s.index.accounts.find(code); staged {
		account := s.accounts[at]
		return &account, true, nil
	}
	if a := s.chart[code]; a != nil {
		return a, true, nil
	}
	account, found, err := s.store.Account(code)
	if err != nil || !found {
		return nil, false, err
	}
	s.chart[code] = &account
	return &account, true, nil
}

// accountCount returns how many accounts the chart has.
func (s *stage) accountCount() (int, error) {
	if s.stored < 0 {
		n := 0
		for _, err := range s.store.Accounts() {
			if err != nil {
				return 0, err
			}
			n++
		}
		s.stored = n
	}
	return s.stored + s.added, nil
}
